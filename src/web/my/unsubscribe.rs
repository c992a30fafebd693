//! How does somebody end letters by the link in one? The link is marked; nobody has to sign in.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;

use super::asked::{self, Asked};
use super::of_ledger;
use crate::ledger::AccountId;
use crate::web::error::{Answer, WebError};
use crate::web::pages::my::UnsubscribePage;
use crate::web::pages::site::Section;
use crate::web::server::{Door, parameter};
use crate::web::showing;

/// The page behind the link. It changes nothing: programs that look at mail follow links, too.
pub fn ask(door: &Door, request: &HttpRequest) -> Answer {
    let (account, mark) = proven(door, request, &Vec::new())?;
    let page = UnsubscribePage {
        site: door.site_at(request, Section::Elsewhere),
        account,
        mark,
        is_done: false,
    };
    Ok(showing::answer(StatusCode::OK, &page))
}

/// Ends all letters to an account: by the page's button, or by a mail program in one request (RFC 8058).
pub async fn unsubscribe(door: &Door, request: &HttpRequest, asked: &Asked) -> Answer {
    let (account, mark) = proven(door, request, asked)?;
    let id = AccountId(account.clone());
    let ledger = door.catalogue.ledger();
    // An account that was forgotten gets no letters anyway.
    if ledger.account(&id).await.map_err(of_ledger)?.is_some() {
        let ways = door.notify.ways(&id).await?;
        let choices: Vec<_> = ways
            .into_iter()
            .map(|(kind, ways)| (kind, ways.without_mail().bits()))
            .collect();
        let chosen = ledger.choose(&id, None, &choices).await;
        chosen.map_err(of_ledger)?;
    }
    let page = UnsubscribePage {
        site: door.site_at(request, Section::Elsewhere),
        account,
        mark,
        is_done: true,
    };
    Ok(showing::answer(StatusCode::OK, &page))
}

/// The account of a link, if the link is ours.
fn proven(door: &Door, request: &HttpRequest, asked: &Asked) -> Result<(String, String), WebError> {
    let of = |name: &str| {
        let sent = asked::value(asked, name).map(str::to_owned);
        sent.or_else(|| parameter(request, name))
            .unwrap_or_default()
    };
    let (account, mark) = (of("account"), of("mark"));
    if door.notify.is_from_a_letter(&account, &mark) {
        return Ok((account, mark));
    }
    Err(WebError::Parameter {
        name: "mark",
        message: "this is not the whole link of a letter from here; copy it once more, or choose in your area"
            .to_owned(),
    })
}
