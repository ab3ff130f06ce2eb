namespace Tender.Simulators.Faults;

/// <summary>The faults that are still to come, in the order they were written. The first that fits strikes.</summary>
internal sealed class FaultScript
{
    private readonly Lock gate = new();
    private readonly List<Line> lines = [];
    private volatile bool isEmpty = true;

    public void Add(Fault fault)
    {
        lock (gate)
        {
            lines.Add(new(fault, fault.Times));
            isEmpty = false;
        }
    }

    public void Clear()
    {
        lock (gate)
        {
            lines.Clear();
            isEmpty = true;
        }
    }

    public Fault[] Waiting()
    {
        lock (gate) return [.. lines.Select(line => line.Fault with { Times = line.Left })];
    }

    public Fault? Take(Func<Fault, bool> fits)
    {
        if (isEmpty) return null;
        lock (gate)
        {
            var place = lines.FindIndex(line => fits(line.Fault));
            if (place < 0) return null;

            var (fault, left) = lines[place];
            if (left == 1) lines.RemoveAt(place);
            else if (left > 1) lines[place] = new(fault, left - 1);
            isEmpty = lines.Count == 0;
            return fault;
        }
    }

    private sealed record Line(Fault Fault, int Left);
}
