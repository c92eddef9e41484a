//! What changes.csv is, and what its columns mean.

use crate::table::{Column, Definition};

pub(in crate::analysis) static DEFINITION: Definition = Definition {
    name: "changes",
    title_zh: "变化表",
    title_en: "Changes",
    description: "What is new: one row a term, pair of terms, theme, entity or document that is new, more frequent, less frequent or gone. Two comparisons stand below each other. run: the current side is the documents that are new or edited since an earlier run (the baseline), in their text of today; the previous side is the documents of the baseline, in their text of then, counted with the settings of today. period: the current side is the documents of the latest period of term_trends, the previous side those of the period just before it that has documents. run.json says which they were; without an earlier run or a second period there are no rows of it. Filter by comparison, kind and status. Use g2 and q_value for evidence, log_ratio for size, current_documents against a word of one text; texts are no independent draws of words, so q-values are too small.",
    key: "comparison (run, period), kind (term, pair, theme, entity, document), |g2| descending (undefined last), key",
    columns: &COLUMNS,
    optional: &[],
};

static COLUMNS: [Column; 22] = [
    Column::text(
        "comparison",
        "比较",
        "Comparison",
        "run: since the baseline. period: the latest period against the one before. See the description of the table.",
    ),
    Column::text(
        "kind",
        "类别",
        "Kind",
        "term: as in terms.csv. pair: two terms that are paired in cooccurrence.csv (its min_df and max_terms, over the corpus of today), in one sentence. theme: of the first taxonomy, as in themes.csv. entity: as in entities.csv, if that or entity_pairs.csv is made; in texts that are gone entities are found by the evidence in those texts alone. document: only of the comparison run.",
    ),
    Column::text(
        "key",
        "键",
        "Key",
        "The term; both terms of a pair in code-point order, with + between them; theme_id; kind and name of an entity, with : between them; doc_id.",
    ),
    Column::text("name", "名称", "Name", "Name of the theme or the entity, title of the document; empty for terms and pairs."),
    Column::text(
        "status",
        "状态",
        "Status",
        "new: previous_count is 0, whatever the q-value. vanished: current_count is 0, previous_count / previous_total · current_total is at least 5 and q_value at most 0.05. rising, falling: q_value is at most 0.05 and log_ratio above or below 0; falling also to 0, where fewer than 5 were to be expected. What is none of these has no row. Of documents: new, changed (another text under the same doc_id), vanished (neither doc_id nor text is there any more); one that has the text of a document that is gone under another doc_id was moved and has no row. Where copies are left out, one that is left out now is not vanished, and one that was left out of the baseline is new when it is counted.",
    ),
    Column::integer(
        "previous_count",
        "occurrences, sentences, mentions or tokens",
        "此前次数",
        "Previous count",
        "b: of a term occurrences, of a pair sentences that hold both, of a theme coded sentences, of an entity mentions, of a document its tokens as they were counted then (0 if it is new).",
    ),
    Column::integer(
        "previous_total",
        "tokens, sentences or mentions",
        "此前总数",
        "Previous total",
        "d: for terms all tokens, stop words included; for pairs all sentences with a token; for themes as in themes.csv the sentences with a policy theme, or for themes of another kind all sentences; for entities all mentions of entities. Empty for documents.",
    ),
    Column::integer(
        "current_count",
        "occurrences, sentences, mentions or tokens",
        "当前次数",
        "Current count",
        "a: the same on the current side; of a document tokens (0 if it is gone).",
    ),
    Column::integer(
        "current_total",
        "tokens, sentences or mentions",
        "当前总数",
        "Current total",
        "c: the same on the current side; empty for documents.",
    ),
    Column::integer(
        "previous_documents",
        "documents",
        "此前文档数",
        "Previous documents",
        "Documents with it on the previous side; empty for documents.",
    ),
    Column::integer(
        "current_documents",
        "documents",
        "当前文档数",
        "Current documents",
        "Documents with it on the current side; empty for documents.",
    ),
    Column::decimal("previous_per_million", "per million tokens", "此前每百万词频率", "Previous per million", "b / d · 10^6; terms only."),
    Column::decimal("current_per_million", "per million tokens", "当前每百万词频率", "Current per million", "a / c · 10^6; terms only."),
    Column::share("previous_share", "此前占比", "Previous share", "b / d; pairs, themes and entities only."),
    Column::share("current_share", "当前占比", "Current share", "a / c; pairs, themes and entities only."),
    Column::decimal(
        "g2",
        "signed log-likelihood ratio",
        "G² 对数似然比",
        "Log-likelihood ratio G²",
        "Four-term, of (a, c, a + b, c + d), natural log; positive = more frequent on the current side; 3.84, 6.63, 10.83, 15.13 for p = .05, .01, .001, .0001. Empty for documents, and where a side has no base (c or d is 0). Dunning 1993.",
    ),
    Column::decimal(
        "log_ratio",
        "bits",
        "对数比率",
        "Log ratio",
        "log2((a / c) / (b / d)), a zero count replaced by 0.5; 1 = twice as frequent on the current side. Empty for documents, and where c or d is 0. Hardie 2014.",
    ),
    Column::decimal(
        "q_value",
        "0 to 1",
        "q 值",
        "q-value",
        "Benjamini & Hochberg 1995 over all things of the kind that are tested in the comparison, from g2 with one degree of freedom, before any row is left out; empty where g2 is. Tested is what has a + b of at least changes.min_count in at least changes.min_documents documents of both sides together. 0.000000 means below 5 · 10^-7. Empty for documents.",
    ),
    Column::date(
        "first_date",
        "最早日期",
        "First date",
        "Earliest date of a document with it, of both sides; of a document its date. Empty if none is dated.",
    ),
    Column::text(
        "example_doc_id",
        "例句文档",
        "Example document",
        "doc_id of the example; it may be that of a text that is no longer there.",
    ),
    Column::integer("example_sentence_no", "1 = first", "例句句号", "Example sentence", "Sentence number of the example in its document."),
    Column::text(
        "example",
        "例句",
        "Example",
        "Shortest sentence of the current side with it (a pair: with both terms), of the previous side if the current one has none; ties by doc_id, then sentence number. Empty for documents.",
    ),
];
