//! How typical a word is of one class of texts.

/// Log-likelihood-ratio weight of a word for a class: ln(own / Σ own) − ln(rest / Σ rest), where own and rest are the occurrences
/// inside and outside the class, each plus one, and the sums run over the vocabulary. Above 0: more frequent inside. `None` when a
/// count or a sum is 0, which smoothing excludes. Watanabe 2018, Newsmap: a semi-supervised approach to geographical news
/// classification.
pub fn newsmap_weight([own, own_sum]: [u64; 2], [rest, rest_sum]: [u64; 2]) -> Option<f64> {
    let share = |part: u64, whole: u64| (part > 0 && whole > 0).then(|| libm::log(part as f64 / whole as f64));
    Some(share(own, own_sum)? - share(rest, rest_sum)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_those_of_the_formula() {
        // Two units, 甲 labelled and 乙 乙 not: own = {甲 2, 乙 1}, rest = {甲 1, 乙 3}.
        let near = |found: Option<f64>, expected: f64| assert!((found.unwrap() - expected).abs() < 1e-12, "{found:?}");
        near(newsmap_weight([2, 3], [1, 4]), libm::log(2.0 / 3.0) - libm::log(0.25));
        near(newsmap_weight([1, 3], [3, 4]), libm::log(1.0 / 3.0) - libm::log(0.75));
        assert_eq!(newsmap_weight([0, 3], [1, 4]), None);
    }

    #[test]
    fn weights_are_those_that_newsmap_gives_its_own_example() {
        // Ireland Guinness | Guinness India | Cork Irish | Titanic Cork Harbour, labelled ie, in, ie, none: of seven words Ireland
        // is once in ie and nowhere else. Σ own of ie = 4 + 7, Σ rest = 5 + 7.
        let weight = newsmap_weight([2, 11], [1, 12]).unwrap();
        assert!((weight - 0.780_159).abs() < 5e-7, "{weight}");
        let guinness = newsmap_weight([2, 11], [2, 12]).unwrap();
        assert!((guinness - 0.087_011).abs() < 5e-7, "{guinness}");
    }
}
