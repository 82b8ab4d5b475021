//! A part of the window that is made when it is first looked at. Most of what a window could show
//! nobody looks at in its first second, and the making of it would be most of that second.

use std::cell::{Cell, OnceCell, RefCell};
use std::mem::discriminant;
use std::rc::Rc;

use relm4::adw::prelude::*;
use relm4::gtk::glib;
use relm4::{Component, ComponentController as _, Controller, adw, gtk};

/// Such a part: the place where it will be, and what it will have to know.
pub struct Later<C: Component, P = adw::Bin> {
    place: P,
    inner: Rc<Inner<C>>,
}

struct Inner<C: Component> {
    make: Box<dyn Fn() -> Controller<C>>,
    /// Brings it to its place.
    put: Box<dyn Fn(&C::Root)>,
    made: OnceCell<Controller<C>>,
    /// The last message of each kind, for when it is made.
    waiting: RefCell<Vec<C::Input>>,
}

impl<C: Component, P: std::fmt::Debug> std::fmt::Debug for Later<C, P> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Later").field(&self.place).finish()
    }
}

impl<C: Component> Later<C>
where
    C::Root: IsA<gtk::Widget>,
{
    /// A part that `make` will make.
    pub fn new(make: impl Fn() -> Controller<C> + 'static) -> Self {
        let place = adw::Bin::new();
        let bin = place.downgrade();
        let later = Self::at(place, make, move |part| {
            if let Some(bin) = bin.upgrade() {
                bin.set_child(Some(part));
            }
        });
        let inner = Rc::downgrade(&later.inner);
        later.place.connect_map(move |_| {
            if let Some(inner) = inner.upgrade() {
                inner.make();
            }
        });
        later
    }

    /// Where it is, or will be.
    pub fn place(&self) -> &adw::Bin {
        &self.place
    }

    /// Makes it, if it is not: for what cannot wait until it is looked at.
    pub fn make(&self) {
        self.inner.make();
    }
}

impl<C: Component> Later<C, adw::PreferencesPage>
where
    C::Root: IsA<adw::PreferencesGroup>,
{
    /// The last group of `page` up to now, below what is seen of it at first: `make` will make it
    /// when the first picture of the page is drawn.
    pub fn below(page: &adw::PreferencesPage, make: impl Fn() -> Controller<C> + 'static) -> Self {
        let parent = page.downgrade();
        let later = Self::at(page.clone(), make, move |group| {
            if let Some(page) = parent.upgrade() {
                page.add(group);
            }
        });
        let inner = Rc::downgrade(&later.inner);
        page.connect_map(move |page| {
            if let Some(inner) = inner.upgrade().filter(|inner| inner.made.get().is_none()) {
                after_next_picture(page, move || inner.make());
            }
        });
        later
    }
}

impl<C: Component, P> Later<C, P> {
    fn at(
        place: P,
        make: impl Fn() -> Controller<C> + 'static,
        put: impl Fn(&C::Root) + 'static,
    ) -> Self {
        let inner = Rc::new(Inner {
            make: Box::new(make),
            put: Box::new(put),
            made: OnceCell::new(),
            waiting: RefCell::default(),
        });
        Self { place, inner }
    }

    /// Tells it something. What is not made yet hears the last message of each kind when it is: so
    /// only those that say how something is now may come before.
    pub fn emit(&self, message: C::Input) {
        match self.inner.made.get() {
            Some(part) => part.emit(message),
            None => keep_last(&mut self.inner.waiting.borrow_mut(), message),
        }
    }
}

impl<C: Component> Inner<C> {
    fn make(&self) {
        let is_new = self.made.get().is_none();
        let part = self.made.get_or_init(|| (self.make)());
        for message in self.waiting.take() {
            part.emit(message);
        }
        if is_new {
            (self.put)(part.widget());
        }
    }
}

/// Calls `then` once what is to be seen of `widget` has been drawn and sent to the screen, or at
/// once where nothing is shown.
pub fn after_next_picture(widget: &impl IsA<gtk::Widget>, then: impl FnOnce() + 'static) {
    let Some(clock) = widget.frame_clock() else {
        then();
        return;
    };
    let handler = Rc::new(Cell::new(None));
    let (own, then) = (handler.clone(), Cell::new(Some(then)));
    handler.set(Some(clock.connect_after_paint(move |clock| {
        if let Some(own) = own.take() {
            clock.disconnect(own);
        }
        if let Some(then) = then.take() {
            // Of lower priority than the connection to the display.
            glib::idle_add_local_once(then);
        }
    })));
}

/// Adds `message`, which takes the place of an older one of its kind.
fn keep_last<T>(messages: &mut Vec<T>, message: T) {
    messages.retain(|older| discriminant(older) != discriminant(&message));
    messages.push(message);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_is_the_last_of_each_kind_in_the_order_in_which_it_came() {
        let mut waiting = Vec::new();
        for message in [Ok(1), Err("lost"), Ok(2), Ok(3), Err("found")] {
            keep_last(&mut waiting, message);
        }
        assert_eq!(waiting, [Ok(3), Err("found")]);
    }
}
