//! When are two texts the same to somebody who types one of them?

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Lower case, without accents, words apart by one space.
pub(crate) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    if text.is_ascii() {
        for letter in text.bytes() {
            push(&mut folded, char::from(letter.to_ascii_lowercase()));
        }
    } else {
        let bare = text.nfkd().filter(|letter| !is_combining_mark(*letter));
        for letter in bare.flat_map(char::to_lowercase) {
            push(&mut folded, letter);
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

fn push(folded: &mut String, letter: char) {
    match letter {
        'ß' => folded.push_str("ss"),
        'œ' => folded.push_str("oe"),
        'æ' => folded.push_str("ae"),
        'ø' => folded.push('o'),
        'ł' => folded.push('l'),
        'đ' => folded.push('d'),
        letter if letter.is_alphanumeric() => folded.push(letter),
        // "+" tells the tiers 1 and 1A+ apart.
        '+' => folded.push('+'),
        _ if folded.ends_with(' ') || folded.is_empty() => {}
        _ => folded.push(' '),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_forgets_case_accents_and_punctuation() {
        assert_eq!(fold("  Œsophage,  Straße "), "oesophage strasse");
        assert_eq!(fold("Tumor/Próstata (NOS)"), "tumor prostata nos");
        assert_eq!(fold("Tier 1A+"), "tier 1a+");
        assert_eq!(fold("…"), "");
    }
}
