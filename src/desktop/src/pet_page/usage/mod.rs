//! What the pet uses: a line on the overview, and behind it a page with graphs of the last five
//! minutes, its processes and its place on the disk.

mod graphs;
mod page;
mod processes;
mod row;

pub use page::UsagePage;
pub use row::UsageRow;
