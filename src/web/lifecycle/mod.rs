//! How does a record live? Its history and mementos, its review, its end and what comes after.

mod asked;
mod bulk;
mod history;
mod keeping;
pub mod memento;
mod review;

use actix_web::web;

/// Adds the routes, of records and of the root record. They come before those of records.
pub fn configure(service: &mut web::ServiceConfig) {
    for record in ["", "/{prefix}/{id}"] {
        let at = |suffix: &str| web::resource(format!("{record}{suffix}"));
        service
            .service(at("/history").route(web::get().to(history::history)))
            .service(at("/difference").route(web::get().to(history::difference)))
            .service(at("/restore").route(web::post().to(history::restore)))
            .service(at("/timemap").route(web::get().to(memento::timemap)));
    }
    let at = |suffix: &str| web::resource(format!("/{{prefix}}/{{id}}{suffix}"));
    service
        .service(at("/undelete").route(web::post().to(history::undelete)))
        .service(at("/withdraw").route(web::post().to(keeping::withdraw)))
        .service(at("/confirm").route(web::post().to(keeping::confirm)))
        .service(
            at("/review")
                .route(web::get().to(review::get))
                .route(web::post().to(review::post)),
        )
        .service(at("/schedule").route(web::post().to(review::schedule)))
        .service(
            at("/rules")
                .route(web::get().to(review::rules))
                .route(web::post().to(review::set_rules)),
        )
        .route("/bulk", web::get().to(bulk::get))
        .route("/bulk", web::post().to(bulk::post))
        .route("/bulk/{n}/undo", web::post().to(bulk::undo))
        .route("/reviews", web::get().to(review::list))
        .route("/checks", web::get().to(keeping::checks));
}
