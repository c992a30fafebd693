//! What goes around every answer (OAI-PMH §3.2)?

use jiff::Timestamp;

use super::granularity::written;
use super::request::{Code, Refusal};
use crate::crosswalk::xml::{SCHEMA_INSTANCE, push_element, push_end, push_start};

const NAMESPACE: &str = "http://www.openarchives.org/OAI/2.0/";
const LOCATION: &str =
    "http://www.openarchives.org/OAI/2.0/ http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd";

/// What an answer says of the request.
pub struct Envelope<'a> {
    pub at: Timestamp,
    pub address: &'a str,
    pub arguments: &'a [(String, String)],
}

impl Envelope<'_> {
    /// The answer to a verb.
    pub fn around(&self, verb: &str, body: &str) -> String {
        let mut out = self.head(true, body.len());
        push_start(&mut out, verb, &[]);
        out.push_str(body);
        push_end(&mut out, verb);
        out.push_str("</OAI-PMH>\n");
        out
    }

    /// Everything that was wrong.
    pub fn refusals(&self, refusals: &[Refusal]) -> String {
        let is_told = !refusals
            .iter()
            .any(|refusal| matches!(refusal.code, Code::BadVerb | Code::BadArgument));
        let mut out = self.head(is_told, 0);
        for refusal in refusals {
            let code = [("code", Some(refusal.code.name()))];
            push_element(&mut out, "error", &code, &refusal.text);
        }
        out.push_str("</OAI-PMH>\n");
        out
    }

    /// Arguments that are wrong in themselves are not repeated.
    fn head(&self, with_arguments: bool, body_bytes: usize) -> String {
        let mut out = String::with_capacity(body_bytes + 2_048);
        out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        let attributes = [
            ("xmlns", Some(NAMESPACE)),
            ("xmlns:xsi", Some(SCHEMA_INSTANCE)),
            ("xsi:schemaLocation", Some(LOCATION)),
        ];
        push_start(&mut out, "OAI-PMH", &attributes);
        push_element(&mut out, "responseDate", &[], &written(self.at));
        let arguments = self.arguments.iter().filter(|_| with_arguments);
        let arguments: Vec<(&str, Option<&str>)> = arguments
            .map(|(name, value)| (name.as_str(), Some(value.as_str())))
            .collect();
        push_element(&mut out, "request", &arguments, self.address);
        out
    }
}
