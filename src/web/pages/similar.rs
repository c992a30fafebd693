//! Which collections are like one?

use askama::Template;

use super::filters;
use super::search::Card;
use super::site::{Section, Site};
use super::text::Link;

/// The list of collections like one.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "similar.html")]
pub struct SimilarPage {
    /// The frame.
    pub site: Site,
    /// The collection that the others are like.
    pub record: Link,
    /// The others, the most alike first.
    pub cards: Vec<Card>,
}
