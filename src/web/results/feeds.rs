//! How does a search tell what is new in it? As Atom (RFC 4287, paged by RFC 5005) and as JSON Feed 1.1.

use std::fmt::Write as _;
use std::sync::Arc;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Map, Value, json};

use super::{TakeAway, instant, tags};
use crate::catalogue::CatalogueError;
use crate::catalogue::projection::blocking;
use crate::feeds::atom::xml;
use crate::search::{Hit, SearchPage, SearchQuery, Sort};
use crate::web::VARY;
use crate::web::api::search_address;
use crate::web::error::Answer;
use crate::web::server::{Door, header_text, parameter};

/// A format of feeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feed {
    Atom,
    Json,
}

impl Feed {
    /// One page of a feed: what changed last comes first, if no other order is asked for.
    pub(super) async fn answer(
        self,
        door: &web::Data<Door>,
        request: &HttpRequest,
        mut query: SearchQuery,
    ) -> Answer {
        if parameter(request, "sort").is_none() {
            query.sort = Sort::Changed;
        }
        let version = env!("CARGO_PKG_VERSION");
        let etag = format!(
            "W/\"{version}-{}-{:x}-{}\"",
            door.index.sequence(),
            door.catalogue.projection().epoch(),
            query.language
        );
        let known = header_text(request, header::IF_NONE_MATCH);
        if known.is_some_and(|known| known.split(',').any(|one| one.trim() == etag)) {
            return Ok(HttpResponse::NotModified()
                .insert_header((header::ETAG, etag))
                .insert_header((header::VARY, VARY))
                .finish());
        }
        let index = Arc::clone(&door.index);
        let asked = query.clone();
        let failed = |error: crate::search::Error| CatalogueError::Interrupted(error.to_string());
        let page = blocking(move || index.search(&asked).map_err(failed)).await?;
        let telling = Telling {
            base: door.base().as_str(),
            name: &door.settings.name,
            query: &query,
            page: &page,
            feed: self,
        };
        let body = match self {
            Self::Atom => telling.atom(),
            Self::Json => telling.json().to_string(),
        };
        let media_type = TakeAway::Feed(self).media_type();
        Ok(HttpResponse::Ok()
            .content_type(format!("{media_type}; charset=utf-8"))
            .insert_header((header::VARY, VARY))
            .insert_header((header::ETAG, etag))
            .body(body))
    }
}

struct Telling<'a> {
    base: &'a str,
    name: &'a str,
    query: &'a SearchQuery,
    page: &'a SearchPage,
    feed: Feed,
}

impl Telling<'_> {
    fn address(&self, after: Option<crate::search::Cursor>) -> String {
        let query = SearchQuery {
            after,
            ..self.query.clone()
        };
        TakeAway::Feed(self.feed).address(self.base, &query)
    }

    fn itself(&self) -> String {
        self.address(self.query.after.clone())
    }

    fn next(&self) -> Option<String> {
        let next = self.page.next.clone();
        next.map(|cursor| self.address(Some(cursor)))
    }

    /// The page of the same search.
    fn home(&self) -> String {
        let query = SearchQuery {
            after: None,
            ..self.query.clone()
        };
        search_address(self.base, &query)
    }

    fn title(&self) -> String {
        match &self.query.text {
            Some(text) => format!("{text} · {}", self.name),
            None => self.name.to_owned(),
        }
    }

    fn atom(&self) -> String {
        let changed = self.page.hits.iter().map(|hit| hit.changed).max();
        let mut feed = String::from(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\"",
        );
        let _ = writeln!(feed, " xml:lang=\"{}\">", xml(&self.query.language));
        let mut element = |name: &str, text: &str| {
            let _ = writeln!(feed, "<{name}>{}</{name}>", xml(text));
        };
        element("id", &self.address(None));
        element("title", &self.title());
        element("updated", &instant(changed.unwrap_or(0)));
        element("generator", "Vesalius");
        let mut link = |relation: &str, media_type: &str, address: &str| {
            let address = xml(address);
            let _ = writeln!(
                feed,
                "<link rel=\"{relation}\" type=\"{media_type}\" href=\"{address}\"/>"
            );
        };
        let own = TakeAway::Feed(Feed::Atom).media_type();
        link("self", own, &self.itself());
        link("alternate", "text/html", &self.home());
        if let Some(next) = self.next() {
            link("next", own, &next);
        }
        for hit in &self.page.hits {
            self.entry(hit, &mut feed);
        }
        feed.push_str("</feed>\n");
        feed
    }

    fn entry(&self, hit: &Hit, feed: &mut String) {
        let address = format!("{}{}", self.base, hit.path);
        feed.push_str("<entry>\n");
        let mut element = |name: &str, text: &str| {
            let _ = writeln!(feed, "<{name}>{}</{name}>", xml(text));
        };
        element("id", &hit.iri);
        element("title", &hit.title);
        element("updated", &instant(hit.changed));
        element("published", &instant(hit.first_published));
        element("summary", &hit.description);
        let author = hit.publisher.as_deref().unwrap_or(self.name);
        let _ = writeln!(feed, "<author><name>{}</name></author>", xml(author));
        let _ = writeln!(
            feed,
            "<link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>",
            xml(&address)
        );
        for one in tags(hit) {
            let (term, label) = (xml(&one.iri), xml(&one.label));
            let _ = writeln!(feed, "<category term=\"{term}\" label=\"{label}\"/>");
        }
        feed.push_str("</entry>\n");
    }

    fn json(&self) -> Value {
        let mut body = Map::new();
        let mut put = |name: &str, value: Value| {
            body.insert(name.to_owned(), value);
        };
        put("version", json!("https://jsonfeed.org/version/1.1"));
        put("title", json!(self.title()));
        put("home_page_url", json!(self.home()));
        put("feed_url", json!(self.itself()));
        if let Some(next) = self.next() {
            put("next_url", json!(next));
        }
        put("language", json!(self.query.language));
        let items: Vec<Value> = self.page.hits.iter().map(|hit| self.item(hit)).collect();
        put("items", Value::Array(items));
        Value::Object(body)
    }

    fn item(&self, hit: &Hit) -> Value {
        let author = hit.publisher.as_deref().unwrap_or(self.name);
        let labels: Vec<&str> = tags(hit).map(|one| one.label.as_str()).collect();
        json!({
            "id": hit.iri,
            "url": format!("{}{}", self.base, hit.path),
            "title": hit.title,
            "content_text": hit.description,
            "date_published": instant(hit.first_published),
            "date_modified": instant(hit.changed),
            "authors": [{ "name": author }],
            "tags": labels,
        })
    }
}
