//! A part of the window that is made when it is first looked at. Most of what a window could show
//! nobody looks at in its first second, and the making of it would be most of that second.

use std::cell::{OnceCell, RefCell};
use std::mem::discriminant;
use std::rc::Rc;

use relm4::adw::prelude::*;
use relm4::{Component, ComponentController as _, Controller, adw, gtk};

/// Such a part: the place where it will be, and what it will have to know.
pub struct Later<C: Component>(Rc<Inner<C>>);

struct Inner<C: Component> {
    place: adw::Bin,
    make: Box<dyn Fn() -> Controller<C>>,
    made: OnceCell<Controller<C>>,
    /// The last message of each kind, for when it is made.
    waiting: RefCell<Vec<C::Input>>,
}

impl<C: Component> std::fmt::Debug for Later<C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Later").field(&self.0.place).finish()
    }
}

impl<C: Component> Later<C>
where
    C::Root: IsA<gtk::Widget>,
{
    /// A part that `make` will make.
    pub fn new(make: impl Fn() -> Controller<C> + 'static) -> Self {
        let inner = Rc::new(Inner {
            place: adw::Bin::new(),
            make: Box::new(make),
            made: OnceCell::new(),
            waiting: RefCell::default(),
        });
        let later = Rc::downgrade(&inner);
        inner.place.connect_map(move |_| {
            if let Some(inner) = later.upgrade() {
                inner.make();
            }
        });
        Self(inner)
    }

    /// Where it is, or will be.
    pub fn place(&self) -> &adw::Bin {
        &self.0.place
    }

    /// Tells it something. What is not made yet hears the last message of each kind when it is: so
    /// only those that say how something is now may come before.
    pub fn emit(&self, message: C::Input) {
        match self.0.made.get() {
            Some(part) => part.emit(message),
            None => keep_last(&mut self.0.waiting.borrow_mut(), message),
        }
    }

    /// Makes it, if it is not: for what cannot wait until it is looked at.
    pub fn make(&self) {
        self.0.make();
    }
}

impl<C: Component> Inner<C>
where
    C::Root: IsA<gtk::Widget>,
{
    fn make(&self) {
        let part = self.made.get_or_init(|| (self.make)());
        for message in self.waiting.take() {
            part.emit(message);
        }
        if self.place.child().is_none() {
            self.place.set_child(Some(part.widget()));
        }
    }
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
