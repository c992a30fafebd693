//! Where do search engines begin? `robots.txt` and the sitemap of published records.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use jiff::Timestamp;
use parking_lot::Mutex;

use crate::catalogue::CatalogueError;
use crate::ledger::{Head, HeadFilter, Ledger};
use crate::web::WebError;
use crate::web::answered;
use crate::web::server::Door;

/// Addresses in one sitemap (sitemaps.org allows 50,000).
const ADDRESSES_MAX: usize = 40_000;
/// Rows that are read at once.
const ROWS: usize = 10_000;

pub(super) async fn robots(door: web::Data<Door>) -> HttpResponse {
    let base = door.base();
    let text = format!(
        "User-agent: *\nDisallow: {0}/search\nDisallow: {0}/sparql\nSitemap: {base}/sitemap.xml\n",
        base.path_prefix()
    );
    HttpResponse::Ok()
        .content_type("text/plain; charset=utf-8")
        .body(text)
}

/// The sitemap, or an index of sitemaps when there is more than one can hold.
pub(super) async fn sitemap(
    door: web::Data<Door>,
    kept: web::Data<Parts>,
    request: HttpRequest,
) -> HttpResponse {
    let answer = async {
        let parts = kept.get(door.catalogue.ledger()).await?;
        if parts.len() <= 1 {
            let first = parts.first().map_or(0, |(first, _)| *first);
            return Ok(xml(urlset(&door, first).await?));
        }
        let base = door.base();
        let mut body = String::from(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
        );
        for (part, (_, changed)) in (1..).zip(parts.iter()) {
            let address = escaped(&format!("{base}/sitemap-{part}.xml"));
            body.push_str("<sitemap><loc>");
            body.push_str(&address);
            body.push_str("</loc><lastmod>");
            body.push_str(&written(*changed));
            body.push_str("</lastmod></sitemap>\n");
        }
        body.push_str("</sitemapindex>\n");
        Ok(xml(body))
    };
    answered(&door, &request, answer.await)
}

pub(super) async fn part(
    door: web::Data<Door>,
    kept: web::Data<Parts>,
    request: HttpRequest,
) -> HttpResponse {
    let answer = async {
        let missing = || WebError::NotFound(request.path().to_owned());
        let n: usize = request
            .match_info()
            .get("n")
            .and_then(|n| n.parse().ok())
            .ok_or_else(missing)?;
        let parts = kept.get(door.catalogue.ledger()).await?;
        let part = n.checked_sub(1).and_then(|at| parts.get(at));
        let (first, _) = part.ok_or_else(missing)?;
        Ok(xml(urlset(&door, *first).await?))
    };
    answered(&door, &request, answer.await)
}

fn xml(body: String) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/xml; charset=utf-8")
        .body(body)
}

/// Which records begin the sitemaps, and when each last changed: found once after a change.
#[derive(Default)]
pub(super) struct Parts(Mutex<Option<(u64, Found)>>);

type Found = Arc<Vec<(i64, Timestamp)>>;

impl Parts {
    async fn get(&self, ledger: &Ledger) -> Result<Found, CatalogueError> {
        let last = ledger.last_public_sequence().await?;
        if let Some((known, found)) = &*self.0.lock()
            && *known == last
        {
            return Ok(Arc::clone(found));
        }
        let size = u32::try_from(ADDRESSES_MAX).expect("a small number");
        let found = Arc::new(ledger.public_parts(size).await?);
        *self.0.lock() = Some((last, Arc::clone(&found)));
        Ok(found)
    }
}

fn written(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

async fn urlset(door: &Door, first: i64) -> Result<String, WebError> {
    let mut body = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    let heads = public_heads(door.catalogue.ledger(), first).await?;
    for head in heads {
        let Some(face) = &head.public else { continue };
        let address = door.base().iri(&head.path);
        let day = written(face.published_at);
        body.push_str("<url><loc>");
        body.push_str(&escaped(address.as_str()));
        body.push_str("</loc><lastmod>");
        body.push_str(&day);
        body.push_str("</lastmod></url>\n");
    }
    body.push_str("</urlset>\n");
    Ok(body)
}

async fn public_heads(ledger: &Ledger, first: i64) -> Result<Vec<Head>, WebError> {
    let mut found = Vec::new();
    let mut after = first - 1;
    loop {
        let heads = ledger.heads(&HeadFilter::default(), after, ROWS).await;
        let heads = heads.map_err(CatalogueError::from)?;
        let Some(last) = heads.last() else {
            return Ok(found);
        };
        after = last.record;
        for head in heads.into_iter().filter(|head| head.public.is_some()) {
            found.push(head);
            if found.len() == ADDRESSES_MAX {
                return Ok(found);
            }
        }
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
