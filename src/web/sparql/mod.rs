//! The SPARQL endpoint: the SPARQL 1.1 Protocol over everything public, streamed, within budgets.

mod asked;
mod client;
mod description;
mod examples;
mod queue;
mod results;
mod services;
mod stream;
mod threads;
mod void;

use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::http::{Version, header};
use actix_web::{HttpRequest, HttpResponse, web};

use super::error::{Answer, WebError};
use super::server::{Door, Settings, header_text, media_type, parameters};
use super::{VARY, answered, body, showing};
use crate::auth::Actor;
use crate::catalogue::View;
use crate::outbound::Outbound;
use crate::search::Vocabularies;
use crate::store::{Endpoints, QueryOptions, TextSearch};
use asked::Taken;
use queue::{Bounds, Queue, Refused};
use results::{Key, Results, Turn};
use services::Services;
use stream::{Body, Manner, Work};
use threads::{Effort, Threads};

pub use asked::Asked;
pub use client::{Client, Proxies};
pub use queue::Place;
pub use stream::Gone;

/// The longest query, in bytes.
const QUERY_BYTES_MAX: usize = 1 << 20;
/// How many quads and rows a query may look at.
const WORK_MAX: u64 = 2_000_000_000;
/// How many bytes a query may hold at once, about.
const MEMORY_BYTES_MAX: usize = 1 << 30;
/// So often a query that made room for others is begun again.
const TRIES_MAX: usize = 3;
/// What can be done at the endpoint.
const ALLOWED: &str = "GET, HEAD, POST, OPTIONS";
/// The header of an answer that was cut as the client wished: why, and after how many rows.
const PARTIAL: &str = "Vesalius-Partial";

/// Adds the routes of the endpoint.
pub fn configure(service: &mut web::ServiceConfig) {
    service.service(
        web::resource("/sparql")
            .route(web::get().to(get))
            .route(web::head().to(get))
            .route(web::post().to(post))
            .default_service(web::to(other)),
    );
    service
        .route("/sparql/examples", web::get().to(examples::all))
        .route("/sparql/examples/{name}", web::get().to(examples::one))
        .route(void::PATH, web::get().to(void::get));
}

/// What the queries of all share: the queue, the threads and what was answered.
pub struct Queries {
    queue: Queue,
    threads: Threads,
    results: Results,
    endpoints: Option<Arc<dyn Endpoints>>,
}

impl Queries {
    pub fn new(settings: &Settings, outbound: &Outbound) -> Self {
        let bounds = Bounds {
            at_once: settings.queries_at_once,
            at_once_per_client: settings.queries_per_client,
            waiting: settings.queries_waiting,
            waiting_per_client: settings.queries_waiting_per_client,
            patience: Duration::from_secs(settings.query_seconds),
            seconds_per_minute: settings.query_seconds_per_minute,
        };
        Self {
            queue: Queue::new(bounds),
            threads: Threads::new(settings.queries_give_way),
            results: Results::new(settings.query_cache_bytes),
            endpoints: (!settings.query_services.is_empty()).then(|| {
                Arc::new(Services::new(&settings.query_services, outbound.clone()))
                    as Arc<dyn Endpoints>
            }),
        }
    }

    /// How many queries wait for a place.
    pub fn waiting(&self) -> usize {
        self.queue.waiting()
    }

    /// A place for whoever asks, as soon as it is their turn.
    pub async fn place(
        &self,
        door: &Door,
        request: &HttpRequest,
        actor: &Actor,
    ) -> Result<Place, WebError> {
        let client = Client::of(request, actor, &door.settings.proxies);
        self.queue.place(&client).await.map_err(|refused| {
            let (word, error) = match refused {
                Refused::Busy(seconds) => ("busy", WebError::Busy(seconds)),
                Refused::TooMany(seconds) => ("too_many", throttled(seconds, TOO_MANY)),
                Refused::Spent(seconds) => ("spent", throttled(seconds, SPENT)),
            };
            door.metrics.refused_query(word);
            error
        })
    }

    /// Runs a job on a thread for queries.
    pub fn run(
        &self,
        effort: Effort,
        job: impl FnOnce() + Send + 'static,
    ) -> Result<(), std::io::Error> {
        self.threads.run(effort, job)
    }
}

const TOO_MANY: &str = "too many of your queries are here already";
const SPENT: &str = "your queries have used up their time for now";

fn throttled(seconds: u32, why: &'static str) -> WebError {
    WebError::Throttled { seconds, why }
}

async fn get(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let answer = async {
        let asked = Asked::read(parameters(&request))?;
        // A query that came by GET is shown on the page to whoever asks for a page.
        if asked::prefers_page(&request) {
            return showing::sparql(&door, &request, asked).await;
        }
        match asked {
            Some(asked) => answer(&door, &request, asked).await,
            None => description::describe(&door, &request).await,
        }
    };
    answered(&door, &request, answer.await)
}

async fn post(
    door: web::Data<Door>,
    request: HttpRequest,
    mut payload: web::Payload,
) -> HttpResponse {
    let answer = async {
        let found = media_type(&request)?;
        let bytes = body::bytes_within(QUERY_BYTES_MAX, &request, &mut payload).await?;
        let text = String::from_utf8(bytes);
        let text = text.map_err(|_| WebError::Charset("something other than UTF-8".to_owned()))?;
        let mut pairs = parameters(&request);
        match found.as_str() {
            "application/sparql-query" => pairs.push(("query".to_owned(), text)),
            "application/x-www-form-urlencoded" => {
                pairs.extend(url::form_urlencoded::parse(text.as_bytes()).into_owned());
            }
            "application/sparql-update" => return Err(asked::updates()),
            _ => {
                let known =
                    "application/sparql-query, application/x-www-form-urlencoded".to_owned();
                return Err(WebError::UnsupportedMediaType { found, known });
            }
        }
        let missing = || WebError::Parameter {
            name: "query",
            message: "the request holds no query".to_owned(),
        };
        let asked = Asked::read(pairs)?.ok_or_else(missing)?;
        if asked::prefers_page(&request) {
            return showing::sparql(&door, &request, Some(asked)).await;
        }
        answer(&door, &request, asked).await
    };
    answered(&door, &request, answer.await)
}

async fn other(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    if request.method() == actix_web::http::Method::OPTIONS {
        return HttpResponse::NoContent()
            .insert_header((header::ALLOW, ALLOWED))
            .finish();
    }
    let method = request.method().to_string();
    let error = WebError::MethodNotAllowed {
        method,
        allowed: ALLOWED,
    };
    error.answer(&door, &request)
}

/// What is queried: the present, or the catalogue of an instant.
pub async fn view_of(door: &Door, request: &HttpRequest, asked: &Asked) -> Result<View, WebError> {
    let view = door.view(request).await?;
    Ok(match asked.at {
        Some(at) if at < door.catalogue.clock().now() => {
            // Putting it together is work like that of a query, and waits its turn.
            let _place = door.queries.place(door, request, view.actor()).await?;
            view.at_instant(at).await?
        }
        Some(_) | None => view,
    })
}

/// The budgets of a query of the public.
pub fn options(door: &Door, asked: &Asked, place: &Place) -> QueryOptions {
    let longest = door.query_time();
    let time = asked.timeout.map_or(longest, |wanted| wanted.min(longest));
    QueryOptions {
        deadline: Some(Instant::now() + time),
        rows_max: Some(door.settings.query_rows_max),
        work_max: Some(WORK_MAX),
        base: Some(format!("{}/", door.base())),
        default_graphs: asked.default_graphs.clone(),
        named_graphs: asked.named_graphs.clone(),
        cancellation: place.cancellation(),
        pace: place.effort().pace,
        memory_max: Some(MEMORY_BYTES_MAX),
        endpoints: door.queries.endpoints.clone(),
        // The text index knows only the present.
        text: asked
            .at
            .is_none()
            .then(|| Arc::clone(&door.index) as Arc<dyn TextSearch>),
        hierarchy: Some(Arc::new(Vocabularies(Arc::clone(
            door.catalogue.ontology(),
        )))),
        ..QueryOptions::default()
    }
}

async fn answer(door: &web::Data<Door>, request: &HttpRequest, asked: Asked) -> Answer {
    let taken = Taken::of(request)?;
    let view = view_of(door, request, &asked).await?;
    let key = Key {
        sequence: view.snapshot().sequence(),
        query: asked.query.clone(),
        default_graphs: asked.default_graphs.clone(),
        named_graphs: asked.named_graphs.clone(),
        found: door.index.sequence(),
        epoch: door.catalogue.projection().epoch(),
        formats: format!("{:?}{:?}", taken.rows, taken.triples),
        at: asked.at,
    };
    let etag = key.etag();
    let known = header_text(request, header::IF_NONE_MATCH);
    if let Some(etag) = &etag
        && known.is_some_and(|known| known.contains(etag))
    {
        return Ok(HttpResponse::NotModified()
            .insert_header((header::ETAG, etag.clone()))
            .finish());
    }
    let turn = door.queries.results.turn(key, door.query_time()).await;
    door.metrics.cache("sparql", matches!(turn, Turn::Kept(_)));
    let mut flight = match turn {
        Turn::Kept(kept) => {
            return Ok(success(etag)
                .content_type(kept.content_type)
                .body(kept.body.clone()));
        }
        Turn::Run(flight) => flight,
    };
    let mut tries = 0;
    let (content_type, body) = loop {
        tries += 1;
        let place = door.queries.place(door, request, view.actor()).await?;
        let work = Work {
            options: options(door, &asked, &place),
            manner: manner(request, &asked),
            query: asked.query.clone(),
            running: door.metrics.query(),
            view: view.clone(),
            taken,
            place,
            flight: flight.take(),
        };
        match stream::start(&door.queries.threads, work).await {
            Err(WebError::MadeRoom(_)) if tries < TRIES_MAX => (),
            started => break started?,
        }
    };
    Ok(match body {
        Body::Whole(bytes, None) => success(etag).content_type(content_type).body(bytes),
        Body::Chunks(chunks) => success(etag).content_type(content_type).streaming(chunks),
        Body::Whole(bytes, Some(cut)) => success(None)
            .insert_header((PARTIAL, format!("{}; rows={}", cut.why, cut.rows)))
            .content_type(content_type)
            .body(bytes),
    })
}

fn manner(request: &HttpRequest, asked: &Asked) -> Manner {
    if asked.partial {
        Manner::Partial
    } else if request.version() < Version::HTTP_11 {
        Manner::Whole
    } else {
        Manner::Streamed
    }
}

/// A whole answer has a name for its state; one that is cut or fleeting is not to be kept.
fn success(etag: Option<String>) -> actix_web::HttpResponseBuilder {
    let mut response = HttpResponse::Ok();
    response.insert_header((header::VARY, VARY));
    match etag {
        Some(etag) => response
            .insert_header((header::ETAG, etag))
            .insert_header((header::CACHE_CONTROL, "no-cache")),
        None => response.insert_header((header::CACHE_CONTROL, "no-store")),
    };
    response
}
