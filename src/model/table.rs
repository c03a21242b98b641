//! Maps and sets in the order of their keys, each kept as one list: all that decisions need of them, in a tenth of the
//! code of a tree. They are made at once and asked often; what comes key by key in no order costs them more.

use std::borrow::Borrow;
use std::cmp::Ordering;

/// Rows to be put in order: what of it differs by their type. The rest is there once.
trait Rows {
    /// How the keys of two rows compare.
    fn compare(&self, one: usize, other: usize) -> Ordering;
    /// Changes the places of two rows.
    fn swap(&mut self, one: usize, other: usize);
}

impl<K: Ord, V> Rows for Vec<(K, V)> {
    fn compare(&self, one: usize, other: usize) -> Ordering {
        self.get(one).map(|row| &row.0).cmp(&self.get(other).map(|row| &row.0))
    }

    fn swap(&mut self, one: usize, other: usize) {
        self.as_mut_slice().swap(one, other);
    }
}

/// Puts rows in the order of their keys; those with one key stay in the order that they had.
pub fn sort_rows<K: Ord, V>(rows: &mut Vec<(K, V)>) {
    let count = rows.len();
    arrange(rows, count);
}

#[expect(clippy::indexing_slicing, reason = "the lists hold the places below `count`, which is the length of each")]
fn arrange(rows: &mut dyn Rows, count: usize) {
    let order = order(rows, count);
    // Where each row stands by now, and which row stands at each place.
    let mut stands: Vec<usize> = (0..count).collect();
    let mut holds = stands.clone();
    for (to, row) in order.into_iter().enumerate() {
        let (from, moved) = (stands[row], holds[to]);
        rows.swap(to, from);
        stands[moved] = from;
        holds[from] = moved;
    }
}

/// Which row belongs at each place. Sorting numbers, whatever the rows are, the library's sort is there once.
fn order(rows: &dyn Rows, count: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_unstable_by(|one, other| rows.compare(*one, *other).then(one.cmp(other)));
    order
}

/// Things in their order, each once.
pub fn distinct<T: Ord>(things: impl IntoIterator<Item = T>) -> Vec<T> {
    let Set(table) = Set::from_iter(things);
    table.into_iter().map(|(thing, ())| thing).collect()
}

/// A map.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Table<K, V>(Vec<(K, V)>);

impl<K, V> Default for Table<K, V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K, V> Table<K, V> {
    /// Without any row.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// How many rows it has.
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// True without any row.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The rows in the order of their keys.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&K, &V)> + DoubleEndedIterator + Clone {
        self.0.iter().map(|(key, value)| (key, value))
    }

    /// The keys in their order.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &K> + DoubleEndedIterator + Clone {
        self.0.iter().map(|(key, _)| key)
    }

    /// The values in the order of their keys.
    pub fn values(&self) -> impl ExactSizeIterator<Item = &V> + DoubleEndedIterator + Clone {
        self.0.iter().map(|(_, value)| value)
    }

    /// The values, to be changed.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {
        self.0.iter_mut().map(|(_, value)| value)
    }

    /// The rows, the values to be changed.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&K, &mut V)> {
        self.0.iter_mut().map(|(key, value)| (&*key, value))
    }

    /// Keeps the rows for which this is true.
    pub fn retain(&mut self, mut keep: impl FnMut(&K, &mut V) -> bool) {
        self.0.retain_mut(|(key, value)| keep(key, value));
    }
}

impl<K: Ord, V> Table<K, V> {
    /// The table of these rows.
    ///
    /// # Errors
    /// With a key that is there twice.
    pub fn unique(mut rows: Vec<(K, V)>) -> Result<Self, K> {
        sort_rows(&mut rows);
        let is_repeated = |pair: &[(K, V)]| matches!(pair, [one, next] if one.0 == next.0);
        match rows.windows(2).position(is_repeated) {
            Some(place) => Err(rows.swap_remove(place).0),
            None => Ok(Self(rows)),
        }
    }

    /// Where a key stands, or would.
    fn place<Q: Ord + ?Sized>(&self, key: &Q) -> Result<usize, usize>
    where
        K: Borrow<Q>,
    {
        self.0.binary_search_by(|(other, _)| other.borrow().cmp(key))
    }

    /// The row of a key.
    pub fn get_key_value<Q: Ord + ?Sized>(&self, key: &Q) -> Option<(&K, &V)>
    where
        K: Borrow<Q>,
    {
        self.place(key).ok().and_then(|place| self.0.get(place)).map(|(key, value)| (key, value))
    }

    /// The value of a key.
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.get_key_value(key).map(|(_, value)| value)
    }

    /// The value of a key, to be changed.
    pub fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        self.place(key).ok().and_then(|place| self.0.get_mut(place)).map(|(_, value)| value)
    }

    /// True when a row has this key.
    pub fn contains_key<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.place(key).is_ok()
    }

    /// Puts a value at a key, and gives back what was there.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self.place(&key) {
            Ok(place) => self.0.get_mut(place).map(|(_, old)| std::mem::replace(old, value)),
            Err(place) => {
                self.0.insert(place, (key, value));
                None
            }
        }
    }

    /// Takes a row out, and gives back its value.
    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        self.place(key).ok().map(|place| self.0.remove(place).1)
    }

    /// Puts the rows in order, the first of which are. Of several with one key the last stays.
    fn settle(&mut self, in_order: usize) {
        let rest = self.0.get(in_order.saturating_sub(1)..).unwrap_or_default();
        if rest.is_sorted_by(|one, next| one.0 < next.0) {
            return;
        }
        sort_rows(&mut self.0);
        self.0.dedup_by(|next, kept| {
            let is_repeated = next.0 == kept.0;
            if is_repeated {
                std::mem::swap(next, kept);
            }
            is_repeated
        });
    }
}

impl<K: Ord, V> From<Vec<(K, V)>> for Table<K, V> {
    fn from(rows: Vec<(K, V)>) -> Self {
        let mut table = Self(rows);
        table.settle(0);
        table
    }
}

impl<K: Ord, V> Extend<(K, V)> for Table<K, V> {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, rows: I) {
        let had = self.0.len();
        self.0.extend(rows);
        self.settle(had);
    }
}

impl<K: Ord, V> FromIterator<(K, V)> for Table<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(rows: I) -> Self {
        rows.into_iter().collect::<Vec<_>>().into()
    }
}

impl<K, V> IntoIterator for Table<K, V> {
    type Item = (K, V);
    type IntoIter = std::vec::IntoIter<(K, V)>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a, K, V> IntoIterator for &'a Table<K, V> {
    type Item = (&'a K, &'a V);
    type IntoIter = std::iter::Map<std::slice::Iter<'a, (K, V)>, fn(&'a (K, V)) -> (&'a K, &'a V)>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.iter().map(|(key, value)| (key, value))
    }
}

/// A set.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Set<T>(Table<T, ()>);

impl<T> Default for Set<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Set<T> {
    /// Without any member.
    pub const fn new() -> Self {
        Self(Table::new())
    }

    /// The members in their order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &T> + DoubleEndedIterator + Clone {
        self.0.keys()
    }
}

impl<T: Ord> Set<T> {
    /// True when it is in the set.
    pub fn contains<Q: Ord + ?Sized>(&self, member: &Q) -> bool
    where
        T: Borrow<Q>,
    {
        self.0.contains_key(member)
    }

    /// Puts a member in; false when it was there.
    pub fn insert(&mut self, member: T) -> bool {
        self.0.insert(member, ()).is_none()
    }
}

impl<T: Ord> Extend<T> for Set<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, members: I) {
        self.0.extend(members.into_iter().map(|member| (member, ())));
    }
}

impl<T: Ord> FromIterator<T> for Set<T> {
    fn from_iter<I: IntoIterator<Item = T>>(members: I) -> Self {
        Self(members.into_iter().map(|member| (member, ())).collect())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    /// Numbers that look like nothing in particular, from a seed.
    fn numbers(seed: u32, count: usize) -> Vec<u32> {
        let step = |number: &u32| Some(number.wrapping_mul(1_664_525).wrapping_add(1_013_904_223));
        std::iter::successors(Some(seed), step).skip(1).take(count).map(|number| (number >> 16) % 50).collect()
    }

    #[test]
    fn a_table_is_a_map_whatever_order_its_rows_come_in() {
        for seed in 0..50 {
            let rows: Vec<(u32, usize)> = numbers(seed, 60).into_iter().zip(0..).collect();
            let (first, rest) = rows.split_at(seed as usize);
            let (mut table, mut map): (Table<_, _>, BTreeMap<_, _>) =
                (first.iter().copied().collect(), first.iter().copied().collect());
            table.extend(rest.iter().copied());
            map.extend(rest.iter().copied());
            for (key, value) in numbers(seed + 1, 20).into_iter().zip(100..) {
                assert_eq!(table.get(&key), map.get(&key));
                if value % 2 == 0 {
                    assert_eq!(table.remove(&key), map.remove(&key));
                } else {
                    assert_eq!(table.insert(key, value), map.insert(key, value));
                }
            }
            assert!(table.iter().eq(map.iter()), "{table:?} {map:?}");
        }
    }

    #[test]
    fn a_set_holds_each_member_once() {
        let mut set: Set<u32> = numbers(1, 30).into_iter().collect();
        let mut tree: BTreeSet<u32> = numbers(1, 30).into_iter().collect();
        for number in numbers(2, 30) {
            assert_eq!(set.insert(number), tree.insert(number));
            assert!(set.contains(&number));
        }
        assert!(set.iter().eq(tree.iter()));
    }

    #[test]
    fn a_repeated_key_is_told() {
        assert_eq!(Table::unique(vec![(2, 'a'), (1, 'b'), (2, 'c')]), Err(2));
        assert_eq!(Table::unique(vec![(2, 'a'), (1, 'b')]).map(|table| table.len()), Ok(2));
    }

    #[test]
    fn rows_with_one_key_stay_in_their_order() {
        for count in 0..200 {
            let mut rows: Vec<(u32, usize)> = numbers(3, count).into_iter().zip(0..).collect();
            let mut stable = rows.clone();
            stable.sort_by_key(|row| row.0);
            sort_rows(&mut rows);
            assert_eq!(rows, stable);
        }
    }
}
