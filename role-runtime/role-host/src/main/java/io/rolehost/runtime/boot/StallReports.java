package io.rolehost.runtime.boot;

import io.rolehost.runtime.journal.Journal;
import io.rolehost.runtime.metrics.HostMetrics;
import io.rolehost.runtime.supervision.Deadlock;
import io.rolehost.runtime.supervision.HeldCarrier;
import io.rolehost.runtime.supervision.StallListener;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Tells journal and metrics what the watch for stalls found, which logs itself. */
record StallReports(HostLoop loop, Journal journal, HostMetrics metrics) implements StallListener {

  @Override
  public void deadlocked(Deadlock deadlock) {
    metrics.deadlockFound();
    List<Map<String, Object>> members =
        deadlock.members().stream()
            .map(member -> {
              Map<String, Object> facts = new LinkedHashMap<>();
              facts.put("who", member.body().who());
              facts.put("waitsFor", member.waitsFor());
              facts.put("stack", member.body().stack());
              return facts;
            })
            .toList();
    record(deadlock.summary(), Map.of("suspected", deadlock.suspected(), "members", members));
  }

  @Override
  public void carrierHeld(HeldCarrier held) {
    metrics.carrierHeld();
    record(held.summary(), Map.of("carrier", held.carrier(), "stack", held.body().stack()));
  }

  private void record(String cause, Map<String, Object> detail) {
    String state = loop.state().name();
    var _ = journal.append("stall", state, state, cause, detail);
  }
}
