using Tender.Bench;

// bench/run starts this: the ratios of docs/benchmarks.md, each measured in one run with its sides in turns.
return await Measures.RunAsync(Options.Read(args));
