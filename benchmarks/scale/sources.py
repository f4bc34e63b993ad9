"""Where the numbers of the plan are from that are not newsquote's own."""

_KARPENTER = (
    "https://github.com/aws/karpenter-provider-aws/blob/1d927085dd81a9df9301e613f371dac5b4d16bfe/"
)
SOURCES = {
    "VectorDBBench": (
        (
            "https://github.com/zilliztech/VectorDBBench/blob/4ea181055b11af7d75161179ef2feff9539c3b33/"
            "vectordb_bench/results/Milvus/result_20260403_standard_milvus.json"
        ),
        (
            "Milvus 2.6.14 on 16 processors and 64 GB, case `16c64g-sq8-force_merge`: HNSW_SQ at 8 bits, M 16, "
            "efConstruction 300, ef 500, ten million vectors of 768 numbers, the nearest 100. Recall .968, one "
            "request at a time: p95 5.9 ms, p99 6.3 ms; 877 requests a second; loading 8,984 s"
        ),
    ),
    "VectorDBBench, filters": (
        (
            "https://github.com/zilliztech/VectorDBBench/blob/4ea181055b11af7d75161179ef2feff9539c3b33/"
            "vectordb_bench/results/Milvus/result_20250509_standard_milvus.json"
        ),
        (
            "the same kind of graph with ef 100 and a million vectors: recall .993 when 1 % are allowed, .952 "
            "with 10 %, .922 with half of them, .953 with all"
        ),
    ),
    "FAISS": (
        "https://github.com/facebookresearch/faiss/wiki/Guidelines-to-choose-an-index",
        "a graph takes (4 d + 8 M) bytes a vector, 4 d of them for the numbers at 32 bits",
    ),
    "Milvus, limits": (
        (
            "https://github.com/milvus-io/milvus-docs/blob/54a32fdaebb0cd177619e76959d1e842dff3bbb1/"
            "site/en/about/limitations.md"
        ),
        (
            "16 shards and 4,096 partitions a collection, 64 MB a message, the nearest 16,384 at most; what is "
            "loaded must stay below 90 % of the nodes' memory"
        ),
    ),
    "Milvus, DiskANN": (
        "https://milvus.io/docs/v2.5.x/configure_knowhere.md",
        "degree 56; codes .125 and cache .1 of the vectors' size",
    ),
    "Milvus, sizing": (
        "https://zilliz.com/jp/blog/demystify-milvus-sizing-tool",
        "DISKANN where some 100 ms are no matter",
    ),
    "Milvus, sizing tool": (
        "https://zilliz.com/sizing-tool",
        "the smallest cluster, service by service",
    ),
    "Milvus, replicas": (
        "https://milvus.io/docs/replica.md",
        "a request that fails, or finds its node busy, goes to another replica",
    ),
    "The Tail at Scale": (
        "https://doi.org/10.1145/2408776.2408794",
        (
            "Dean and Barroso, 2013: a server that takes a second for one request in a hundred makes 63 % of the "
            "questions that need a hundred servers take a second; hedged requests mend it"
        ),
    ),
    "DiskANN": (
        "https://papers.nips.cc/paper/2019/hash/09853c7fb1d3f8ee67a61b6bf4a7f8e6-Abstract.html",
        (
            "a thousand million vectors of 128 bytes on one machine of 64 GB: more than 5,000 requests a second, "
            "below 3 ms on average, 95 % 1-recall@1"
        ),
    ),
    "infinity": (
        (
            "https://github.com/michaelfeil/infinity/blob/0d1c358dc6d2d88f320bdacd79c4e1fea4ddf9db/"
            "docs/docs/benchmarking.md"
        ),
        "bge-large on one L4 by text-embeddings-inference: .54 requests a second of 256 texts, 449 tokens each",
    ),
    "AWS, prices": (
        f"{_KARPENTER}pkg/providers/pricing/zz_generated.pricing_aws.go",
        "on demand, us-east-1, 2026-07-20",
    ),
    "AWS, machines": (
        f"{_KARPENTER}website/content/en/preview/reference/instance-types.md",
        "processors, memory, disks and network",
    ),
    "Amazon S3": (
        "https://aws.amazon.com/s3/pricing/",
        "the first 50 TB; [as text](https://gist.github.com/EverettBerry/a37438006529a55f42da6fdbc44a505c)",
    ),
}
"""By the name that the plan calls it by: its address, and what it says."""
