// Most tests wait for processes; two fixtures at a time keep two cores busy. What measures is marked [NonParallelizable].
[assembly: Parallelizable(ParallelScope.Fixtures)]
[assembly: LevelOfParallelism(2)]
