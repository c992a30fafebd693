//! Where do search engines begin? `robots.txt` and the sitemap of published records.

use actix_web::{HttpRequest, HttpResponse, web};

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
pub(super) async fn sitemap(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let answer = async {
        let counts = door
            .catalogue
            .ledger()
            .public_counts()
            .await
            .map_err(CatalogueError::from)?;
        let total: u64 = counts.iter().map(|(_, count)| count).sum();
        let parts = total.div_ceil(ADDRESSES_MAX as u64);
        if parts <= 1 {
            return Ok(xml(urlset(&door, 0).await?));
        }
        let base = door.base();
        let mut body = String::from(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
        );
        for part in 1..=parts {
            let address = escaped(&format!("{base}/sitemap-{part}.xml"));
            body.push_str("<sitemap><loc>");
            body.push_str(&address);
            body.push_str("</loc></sitemap>\n");
        }
        body.push_str("</sitemapindex>\n");
        Ok(xml(body))
    };
    answered(&door, &request, answer.await)
}

pub(super) async fn part(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let answer = async {
        let missing = || WebError::NotFound(request.path().to_owned());
        let n: usize = request
            .match_info()
            .get("n")
            .and_then(|n| n.parse().ok())
            .ok_or_else(missing)?;
        Ok(xml(
            urlset(&door, n.checked_sub(1).ok_or_else(missing)?).await?
        ))
    };
    answered(&door, &request, answer.await)
}

fn xml(body: String) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/xml; charset=utf-8")
        .body(body)
}

async fn urlset(door: &Door, part: usize) -> Result<String, WebError> {
    let mut body = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    let heads = public_heads(door.catalogue.ledger(), part).await?;
    for head in heads {
        let Some(face) = &head.public else { continue };
        let address = door.base().iri(&head.path);
        let day = face.published_at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        body.push_str("<url><loc>");
        body.push_str(&escaped(address.as_str()));
        body.push_str("</loc><lastmod>");
        body.push_str(&day);
        body.push_str("</lastmod></url>\n");
    }
    body.push_str("</urlset>\n");
    Ok(body)
}

async fn public_heads(ledger: &Ledger, part: usize) -> Result<Vec<Head>, WebError> {
    let mut found = Vec::new();
    let (mut after, mut skip) = (0, part * ADDRESSES_MAX);
    loop {
        let heads = ledger.heads(&HeadFilter::default(), after, ROWS).await;
        let heads = heads.map_err(CatalogueError::from)?;
        let Some(last) = heads.last() else {
            return Ok(found);
        };
        after = last.record;
        for head in heads.into_iter().filter(|head| head.public.is_some()) {
            if skip > 0 {
                skip -= 1;
            } else {
                found.push(head);
            }
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
