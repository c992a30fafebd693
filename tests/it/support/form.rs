//! How does a person without script fill in a form? As a browser does: every control of the page goes back.

use super::{Answer, Person};

/// The first form of a page that posts to a record, as it stands.
#[derive(Clone, Debug)]
pub struct Filled {
    pub action: String,
    pub pairs: Vec<(String, String)>,
    pub page: String,
}

impl Filled {
    /// The form of the page.
    #[track_caller]
    pub fn of(answer: &Answer) -> Self {
        let page = answer.text();
        let start = page
            .find("<form class=\"edit\"")
            .unwrap_or_else(|| panic!("no form: {answer}"));
        let end = start + page[start..].find("</form>").unwrap();
        let form = &page[start..end];
        Self {
            action: attribute(form, "action").unwrap(),
            pairs: controls(form),
            page: page.clone(),
        }
    }

    /// What stands in a control.
    #[track_caller]
    pub fn value(&self, name: &str) -> &str {
        let found = self.pairs.iter().find(|(own, _)| own == name);
        let names: Vec<&String> = self.pairs.iter().map(|(name, _)| name).collect();
        let (_, value) = found.unwrap_or_else(|| panic!("no control {name}: {names:?}"));
        value
    }

    /// Types into a control.
    #[track_caller]
    pub fn set(&mut self, name: &str, value: &str) {
        self.value(name);
        for pair in &mut self.pairs {
            if pair.0 == name {
                value.clone_into(&mut pair.1);
            }
        }
    }

    pub fn body(&self, button: Option<&str>) -> String {
        let mut body = url::form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(&self.pairs);
        if let Some(button) = button {
            body.append_pair("do", button);
        }
        body.finish()
    }

    /// Presses a button of the page.
    #[track_caller]
    pub fn press(&self, person: &Person, button: &str) -> Answer {
        person
            .request("POST", &self.action)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Accept", "text/html")
            .send_body(self.body(Some(button)))
    }

    /// Presses a button that answers with the form again.
    #[track_caller]
    pub fn goes_on(&self, person: &Person, button: &str) -> Self {
        Self::of(&self.press(person, button).is(200))
    }

    /// Sends what is typed in as the script does.
    pub fn keep(&mut self, person: &Person) -> Answer {
        let body = self.body(None);
        let turn: u64 = self.value("_turn").parse().unwrap();
        self.set("_turn", &(turn + 1).to_string());
        let answer = person
            .request("PUT", &format!("{}/working", self.action))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .send_body(body);
        if answer.status == 200 {
            let sequence = answer.json()["sequence"].to_string();
            self.set("_seen", &sequence);
        }
        answer
    }
}

/// Opens the form of a record.
#[track_caller]
pub fn open(person: &Person, path: &str) -> Filled {
    let mut answer = person.get_as(path, "text/html");
    if answer.status == 303 {
        let there = answer.location();
        answer = person.get_as(&there, "text/html");
    }
    Filled::of(&answer.is(200))
}

/// The pairs that a browser sends of a form.
fn controls(form: &str) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    let mut rest = form;
    while let Some(at) = rest.find('<') {
        rest = &rest[at..];
        let end = rest.find('>').map_or(rest.len(), |end| end + 1);
        let tag = &rest[..end];
        let name = attribute(tag, "name");
        if tag.starts_with("<input ") {
            let kind = attribute(tag, "type").unwrap_or_default();
            let ticked = kind != "radio" && kind != "checkbox" || tag.contains(" checked");
            if let Some(name) = name.filter(|_| ticked) {
                pairs.push((name, attribute(tag, "value").unwrap_or_default()));
            }
        } else if tag.starts_with("<textarea ") {
            let close = rest.find("</textarea>").unwrap();
            let inside = &rest[end..close];
            let inside = inside.strip_prefix('\n').unwrap_or(inside);
            // A browser sends each end of a line as two characters.
            let text = unescaped(inside).replace('\n', "\r\n");
            pairs.extend(name.map(|name| (name, text)));
        } else if tag.starts_with("<select ") {
            let close = rest.find("</select>").unwrap();
            let options: Vec<&str> = rest[end..close].split("<option ").skip(1).collect();
            let chosen = options
                .iter()
                .find(|option| option.split('>').next().unwrap().contains(" selected"));
            if let (Some(name), Some(option)) = (name, chosen.or(options.first())) {
                pairs.push((name, attribute(option, "value").unwrap_or_default()));
            }
        }
        rest = &rest[end..];
    }
    pairs
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let head = tag.split('>').next()?;
    let from = if head.starts_with(&format!("{name}=\"")) {
        name.len() + 2
    } else {
        head.find(&format!(" {name}=\""))? + name.len() + 3
    };
    let value = &tag[from..];
    Some(unescaped(&value[..value.find('"')?]))
}

fn unescaped(text: &str) -> String {
    text.replace("&#60;", "<")
        .replace("&#62;", ">")
        .replace("&#34;", "\"")
        .replace("&#39;", "'")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#38;", "&")
        .replace("&amp;", "&")
}
