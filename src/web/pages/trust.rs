//! What are roles and actions called, in the language of the page?

use super::site::Site;
use crate::auth::{Role, Wish};

impl Site {
    /// What a role is.
    pub fn role(&self, role: Role) -> String {
        let text = match role {
            Role::Operator => self.t("account.operator"),
            Role::Steward => self.t("account.steward"),
            Role::Reviewer => self.t("account.reviewer"),
            Role::Provider => self.t("account.provider"),
            Role::Reader => self.t("account.reader"),
        };
        text.to_owned()
    }

    /// What the word of a role stands for; the word itself when it is none.
    pub fn role_of(&self, word: &str) -> String {
        Role::from_word(word).map_or_else(|| word.to_owned(), |role| self.role(role))
    }

    /// What an action is.
    pub fn wish(&self, wish: Wish) -> String {
        let text = match wish {
            Wish::ReadPublic => self.t("wish.read"),
            Wish::ReadDraft => self.t("wish.read-drafts"),
            Wish::Create => self.t("wish.create"),
            Wish::Replace => self.t("wish.replace"),
            Wish::Publish => self.t("wish.publish"),
            Wish::Withdraw => self.t("wish.withdraw"),
            Wish::Delete => self.t("wish.delete"),
            Wish::Submit => self.t("wish.submit"),
            Wish::Comment => self.t("wish.comment"),
            Wish::RequestChanges => self.t("wish.request-changes"),
            Wish::Approve => self.t("wish.approve"),
            Wish::Restore => self.t("wish.restore"),
            Wish::Confirm => self.t("wish.confirm"),
            Wish::Bulk => self.t("wish.bulk"),
            Wish::Undelete => self.t("wish.undelete"),
            Wish::Redirect => self.t("wish.redirect"),
            Wish::SetRules => self.t("wish.set-rules"),
            Wish::ManageMembers => self.t("wish.manage-members"),
            Wish::ManageDois => self.t("wish.manage-dois"),
            Wish::ManageTokens => self.t("wish.manage-tokens"),
            Wish::ReadAudit => self.t("wish.read-audit"),
            Wish::Administer => self.t("wish.administer"),
        };
        text.to_owned()
    }

    /// What the word of an action stands for; the word itself when it is none.
    pub fn wish_of(&self, word: &str) -> String {
        Wish::from_word(word).map_or_else(|| word.to_owned(), |wish| self.wish(wish))
    }
}
