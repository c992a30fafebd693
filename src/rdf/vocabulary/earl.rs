//! Evaluation and Report Language.

use oxrdf::NamedNodeRef;

/// The namespace.
pub const NAMESPACE: &str = "http://www.w3.org/ns/earl#";
pub const ASSERTION: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/earl#Assertion");
pub const SOFTWARE: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/earl#Software");
pub const TEST_SUBJECT: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/earl#TestSubject");
pub const TEST_REQUIREMENT: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/earl#TestRequirement");
pub const TEST_RESULT: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/earl#TestResult");
pub const ASSERTED_BY: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/earl#assertedBy");
pub const SUBJECT: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/earl#subject");
pub const TEST: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/earl#test");
pub const MODE: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/earl#mode");
pub const AUTOMATIC: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/earl#automatic");
pub const RESULT: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/earl#result");
pub const OUTCOME: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/earl#outcome");
pub const INFO: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/earl#info");
pub const PASSED: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/earl#passed");
pub const FAILED: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/earl#failed");
pub const CANNOT_TELL: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/earl#cantTell");
pub const INAPPLICABLE: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/earl#inapplicable");
