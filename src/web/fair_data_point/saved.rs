//! Which queries did people save, and for whom? `/search/query/saved`.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::search::{Pattern, found};
use super::wire::{Me, json_body, nothing, of_json, of_ledger, segment};
use crate::ledger::Shelf;
use crate::web::answered;
use crate::web::error::WebError;
use crate::web::server::Door;

/// The most queries that one person saves.
const SAVED_PER_PERSON_MAX: usize = 200;
/// The longest name and the longest description together.
const WORDS_BYTES_MAX: usize = 8 * 1024;

pub(super) fn configure(service: &mut web::ServiceConfig) {
    service
        .route("/search/query/saved", web::get().to(list))
        .route("/search/query/saved", web::post().to(make))
        .route("/search/query/saved/{uuid}", web::get().to(one))
        .route("/search/query/saved/{uuid}", web::post().to(run))
        .route("/search/query/saved/{uuid}", web::put().to(change))
        .route("/search/query/saved/{uuid}", web::delete().to(remove));
}

/// Who sees a saved query.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum Audience {
    Public,
    /// Everybody who has signed in.
    Internal,
    /// Who saved it.
    Private,
}

#[derive(Deserialize)]
struct Wish {
    name: String,
    #[serde(default)]
    description: String,
    #[serde(rename = "type")]
    audience: Audience,
    variables: Pattern,
}

#[derive(Clone, Serialize, Deserialize)]
struct Saved {
    uuid: String,
    name: String,
    description: String,
    audience: Audience,
    variables: Pattern,
    owner: String,
    first_name: String,
    last_name: String,
    created_at: String,
    updated_at: String,
}

impl Saved {
    fn is_for(&self, me: Option<&Me>) -> bool {
        match (self.audience, me) {
            (Audience::Public, _) | (Audience::Internal, Some(_)) => true,
            (Audience::Private, Some(me)) => self.is_of(me),
            (Audience::Internal | Audience::Private, None) => false,
        }
    }

    fn is_of(&self, me: &Me) -> bool {
        self.owner == me.id
    }

    /// Who saved it is named to those who have signed in.
    fn json(&self, me: Option<&Me>) -> Value {
        let (first, last) = match me {
            Some(_) => (self.first_name.as_str(), self.last_name.as_str()),
            None => ("", ""),
        };
        json!({
            "uuid": self.uuid, "name": self.name, "description": self.description, "type": self.audience,
            "user": { "uuid": self.owner, "firstName": first, "lastName": last },
            "createdAt": self.created_at, "updatedAt": self.updated_at, "variables": self.variables,
        })
    }

    fn take(&mut self, wish: Wish) -> Result<(), WebError> {
        if wish.variables.is_too_long()
            || wish.name.len() + wish.description.len() > WORDS_BYTES_MAX
        {
            return Err(WebError::TooLarge {
                max: WORDS_BYTES_MAX,
            });
        }
        self.name = wish.name;
        self.description = wish.description;
        self.audience = wish.audience;
        self.variables = wish.variables;
        Ok(())
    }
}

async fn whoever(door: &Door, request: &HttpRequest) -> Result<Option<Me>, WebError> {
    let actor = door.actor(request).await?;
    Me::from(door, &actor).await
}

async fn all(door: &Door) -> Result<Vec<Saved>, WebError> {
    let papers = door.catalogue.ledger().papers(Shelf::SavedQueries).await;
    let papers = papers.map_err(of_ledger)?;
    papers
        .iter()
        .map(|paper| of_json(paper.content.as_bytes()))
        .collect()
}

/// The query of the address, for those who may see it.
async fn find(door: &Door, request: &HttpRequest, me: Option<&Me>) -> Result<Saved, WebError> {
    let ledger = door.catalogue.ledger();
    let paper = ledger
        .paper(Shelf::SavedQueries, segment(request, "uuid"))
        .await;
    let paper = paper.map_err(of_ledger)?.ok_or_else(|| nothing(request))?;
    let saved: Saved = of_json(paper.content.as_bytes())?;
    Some(saved)
        .filter(|saved| saved.is_for(me))
        .ok_or_else(|| nothing(request))
}

/// The query of the address, for those who may change it.
async fn mine(door: &Door, request: &HttpRequest, me: &Me) -> Result<Saved, WebError> {
    let saved = find(door, request, Some(me)).await?;
    if saved.is_of(me) || me.is_admin() {
        return Ok(saved);
    }
    let why = "this query is somebody else's: save one of your own";
    Err(WebError::Forbidden(why.to_owned()))
}

async fn keep(door: &Door, saved: &Saved) -> Result<(), WebError> {
    let now = door.catalogue.clock().now();
    let content = json!(saved).to_string();
    let ledger = door.catalogue.ledger();
    let put = ledger.put_paper(Shelf::SavedQueries, &saved.uuid, &content, now);
    put.await.map_err(of_ledger)
}

async fn list(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let answer = async {
        let me = whoever(&door, &request).await?;
        let saved = all(&door).await?;
        let seen = saved.iter().filter(|saved| saved.is_for(me.as_ref()));
        let seen: Vec<Value> = seen.map(|saved| saved.json(me.as_ref())).collect();
        Ok(HttpResponse::Ok().json(seen))
    };
    answered(&door, &request, answer.await)
}

async fn one(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let answer = async {
        let me = whoever(&door, &request).await?;
        let saved = find(&door, &request, me.as_ref()).await?;
        Ok(HttpResponse::Ok().json(saved.json(me.as_ref())))
    };
    answered(&door, &request, answer.await)
}

async fn make(
    door: web::Data<Door>,
    request: HttpRequest,
    mut payload: web::Payload,
) -> HttpResponse {
    let answer = async {
        let me = Me::of(&door, &request).await?;
        let wish: Wish = json_body(&request, &mut payload).await?;
        let theirs = all(&door).await?;
        if theirs.iter().filter(|saved| saved.is_of(&me)).count() >= SAVED_PER_PERSON_MAX {
            let message = format!("you saved {SAVED_PER_PERSON_MAX} queries: delete one first");
            return Err(WebError::Parameter {
                name: "name",
                message,
            });
        }
        let now = door.catalogue.clock().now().to_string();
        let mut saved = Saved {
            uuid: uuid::Uuid::new_v4().to_string(),
            name: String::new(),
            description: String::new(),
            audience: Audience::Private,
            variables: Pattern::default(),
            owner: me.id.clone(),
            first_name: me.first_name.clone(),
            last_name: me.last_name.clone(),
            created_at: now.clone(),
            updated_at: now,
        };
        saved.take(wish)?;
        keep(&door, &saved).await?;
        Ok(HttpResponse::Created().json(saved.json(Some(&me))))
    };
    answered(&door, &request, answer.await)
}

async fn run(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let answer = async {
        let me = whoever(&door, &request).await?;
        let saved = find(&door, &request, me.as_ref()).await?;
        found(&door, &request, &saved.variables).await
    };
    answered(&door, &request, answer.await)
}

async fn change(
    door: web::Data<Door>,
    request: HttpRequest,
    mut payload: web::Payload,
) -> HttpResponse {
    let answer = async {
        let me = Me::of(&door, &request).await?;
        let mut saved = mine(&door, &request, &me).await?;
        saved.take(json_body(&request, &mut payload).await?)?;
        saved.updated_at = door.catalogue.clock().now().to_string();
        keep(&door, &saved).await?;
        Ok(HttpResponse::Ok().json(saved.json(Some(&me))))
    };
    answered(&door, &request, answer.await)
}

async fn remove(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let answer = async {
        let me = Me::of(&door, &request).await?;
        let saved = mine(&door, &request, &me).await?;
        let ledger = door.catalogue.ledger();
        let gone = ledger.remove_paper(Shelf::SavedQueries, &saved.uuid).await;
        gone.map_err(of_ledger)?;
        Ok(HttpResponse::NoContent().finish())
    };
    answered(&door, &request, answer.await)
}
