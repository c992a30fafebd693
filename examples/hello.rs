//! What can this machine's HTTP do at best? The same server library, one constant answer and no work.
//!
//! `hello PORT [WORKERS]` answers `GET /` with a few bytes, `GET /document` with 5 kB of Turtle, and swallows any
//! `PUT`. The benchmark quotes our own figures as a share of these.

use std::io;

use actix_web::{App, HttpResponse, HttpServer, web};

const SHORT: &str = "hello";
const DOCUMENT_BYTES: usize = 5 * 1024;
const BODY_BYTES_MAX: usize = 1024 * 1024;

#[actix_web::main]
async fn main() -> io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let port = number(arguments.next(), 8081)?;
    let workers = number(arguments.next(), 2)?;
    let document: web::Bytes = "x".repeat(DOCUMENT_BYTES).into();
    let app = move || {
        let document = document.clone();
        let read = move || {
            let document = document.clone();
            async move {
                HttpResponse::Ok()
                    .content_type("text/turtle")
                    .body(document)
            }
        };
        App::new()
            .app_data(web::PayloadConfig::new(BODY_BYTES_MAX))
            .route("/", web::get().to(|| async { SHORT }))
            .route("/document", web::get().to(read))
            .default_service(web::put().to(swallow))
    };
    let address = ("127.0.0.1", port);
    HttpServer::new(app)
        .workers(usize::from(workers))
        .bind(address)?
        .run()
        .await
}

async fn swallow(_body: web::Bytes) -> HttpResponse {
    HttpResponse::NoContent().finish()
}

fn number(argument: Option<String>, otherwise: u16) -> io::Result<u16> {
    let wrong = |_| io::Error::other("usage: hello [PORT] [WORKERS]");
    argument.map_or(Ok(otherwise), |text| text.parse().map_err(wrong))
}
