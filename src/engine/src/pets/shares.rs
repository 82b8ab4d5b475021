//! The shares, and which of them this computer has.

use kennel_model::{Share, ShareSummary};

use super::Kennel;
use crate::runtime::facts::HostFacts;
use crate::runtime::shares::is_here;

impl Kennel {
    /// `shares` as they are on this computer and in this session.
    pub fn shares(&self, shares: &[Share]) -> Vec<ShareSummary> {
        let host = HostFacts::gather(shares, &self.account);
        shares
            .iter()
            .map(|share| ShareSummary::of(*share, is_here(*share, &host, &self.account)))
            .collect()
    }
}
