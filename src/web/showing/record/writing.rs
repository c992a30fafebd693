//! How does a reader who may write go on from a record: change it, copy it, make a new version of it?

use crate::auth::Wish;
use crate::catalogue::{CatalogueError, Record, View};
use crate::web::edit::may_write;
use crate::web::ontology::encoded;
use crate::web::pages::edit::Words;
use crate::web::pages::messages::Language;
use crate::web::pages::text::Link;

pub async fn links(
    view: &View,
    record: &Record,
    root: &str,
    language: Language,
) -> Result<Vec<Link>, CatalogueError> {
    if record.path.is_empty() || !may_write(view.actor()) {
        return Ok(Vec::new());
    }
    let catalogue = view.catalogue();
    let Some(head) = catalogue.ledger().head_by_path(&record.path).await? else {
        return Ok(Vec::new());
    };
    let words = Words(language);
    let mut links = Vec::new();
    let may = |wish| catalogue.may(view.actor(), wish, &head).is_allowed();
    if may(Wish::Replace) {
        links.push(Link::new(
            words.write(),
            format!("{root}/edit{}", record.path),
        ));
    }
    let begun = |how: &str| {
        let with = encoded(&format!("{how}:{}", record.path));
        format!("{root}/edit/new?kind={}&with={with}", record.kind)
    };
    links.push(Link::new(words.copy(), begun("copy")));
    if record.kind == super::DATASET_KIND && may(Wish::Replace) {
        links.push(Link::new(words.version(), begun("version")));
    }
    Ok(links)
}
