//! Hydra: collections in pages.

use oxrdf::NamedNodeRef;

/// The namespace.
pub const NAMESPACE: &str = "http://www.w3.org/ns/hydra/core#";
pub const COLLECTION: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/hydra/core#Collection");
pub const PARTIAL_COLLECTION_VIEW: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/hydra/core#PartialCollectionView");
pub const PAGED_COLLECTION: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/hydra/core#PagedCollection");
pub const FIRST: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/hydra/core#first");
pub const NEXT: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/hydra/core#next");
pub const PREVIOUS: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/hydra/core#previous");
pub const LAST: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/hydra/core#last");
pub const TOTAL_ITEMS: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/hydra/core#totalItems");
pub const ITEMS_PER_PAGE: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/hydra/core#itemsPerPage");
pub const VIEW: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/hydra/core#view");
pub const MEMBER: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/hydra/core#member");
