//! Linked Data Event Streams.

use oxrdf::NamedNodeRef;

/// The namespace.
pub const NAMESPACE: &str = "https://w3id.org/ldes#";
pub const EVENT_STREAM: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://w3id.org/ldes#EventStream");
pub const EVENT_SOURCE: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://w3id.org/ldes#EventSource");
pub const TIMESTAMP_PATH: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://w3id.org/ldes#timestampPath");
pub const SEQUENCE_PATH: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://w3id.org/ldes#sequencePath");
pub const VERSION_OF_PATH: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://w3id.org/ldes#versionOfPath");
pub const VERSION_CREATE_OBJECT: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://w3id.org/ldes#versionCreateObject");
pub const VERSION_UPDATE_OBJECT: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://w3id.org/ldes#versionUpdateObject");
pub const VERSION_DELETE_OBJECT: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://w3id.org/ldes#versionDeleteObject");
pub const POLLING_INTERVAL: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://w3id.org/ldes#pollingInterval");
pub const IMMUTABLE: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://w3id.org/ldes#immutable");
pub const RETENTION_POLICY: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://w3id.org/ldes#retentionPolicy");
pub const STARTING_FROM: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://w3id.org/ldes#startingFrom");
pub const FULL_LOG_DURATION: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://w3id.org/ldes#fullLogDuration");
pub const VERSION_AMOUNT: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://w3id.org/ldes#versionAmount");
pub const VERSION_DELETE_DURATION: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://w3id.org/ldes#versionDeleteDuration");
pub const LATEST_VERSION_SUBSET: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://w3id.org/ldes#LatestVersionSubset");
pub const AMOUNT: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://w3id.org/ldes#amount");
