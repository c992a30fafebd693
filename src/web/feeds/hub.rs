//! How does a subscriber ask to be told (`WebSub` §5)? By a form; the answer comes to its own address.

use actix_web::{HttpRequest, HttpResponse, web};

use crate::auth::Actor;
use crate::feeds::hub::Wish;
use crate::web::error::{Answer, WebError};
use crate::web::server::Door;
use crate::web::{answered, body};

/// The longest form that is read, in bytes.
const FORM_BYTES_MAX: usize = 16 * 1024;
/// What a subscriber waits while too many ask, in seconds.
const BUSY_SECONDS: u32 = 10;

/// `POST /hub`
pub(super) async fn ask(
    door: web::Data<Door>,
    request: HttpRequest,
    mut payload: web::Payload,
) -> HttpResponse {
    let answer = asked(&door, &request, &mut payload).await;
    answered(&door, &request, answer)
}

async fn asked(door: &Door, request: &HttpRequest, payload: &mut web::Payload) -> Answer {
    let actor = door.actor(request).await?;
    if !door.feeds.settings().hub_open && matches!(*actor, Actor::Anonymous) {
        let why = "this hub tells those who have a token; ask a steward for one";
        return Err(WebError::Unauthorized(why.to_owned()));
    }
    let form = body::bytes_within(FORM_BYTES_MAX, request, payload).await?;
    let form: Vec<(String, String)> = url::form_urlencoded::parse(&form).into_owned().collect();
    let wish = Wish::read(door.base(), door.feeds.settings(), &form).map_err(|error| {
        WebError::Parameter {
            name: error.field,
            message: error.message,
        }
    })?;
    if !door.feeds.confirm(wish) {
        return Err(WebError::Busy(BUSY_SECONDS));
    }
    Ok(HttpResponse::Accepted().finish())
}
