package io.rolehost.freeze.command;

import io.rolehost.freeze.Freeze;
import io.rolehost.freeze.FreezeSource;
import io.rolehost.freeze.FreezeStore;
import io.rolehost.freeze.SourceAnswer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code freeze-switch watch}: a line for each freeze that begins or ends, until interrupted. */
@Command(
    name = "watch",
    description = "Prints a line for each freeze that begins or ends, until interrupted.",
    exitCodeOnInvalidInput = FreezePlace.USAGE)
public final class FreezeWatch implements Callable<Integer> {

  @Mixin private FreezePlace place = new FreezePlace();

  /** For picocli. */
  public FreezeWatch() {}

  @Override
  public Integer call() throws InterruptedException {
    Semaphore changed = new Semaphore(0);
    try (FreezeStore store = place.store();
        FreezeSource.Watch _ = store.watch(changed::release)) {
      List<Freeze> before = List.of();
      String problem = "";
      if (!place.json) {
        place.print("Watching " + FreezePlace.where(store));
      }
      while (!Thread.currentThread().isInterrupted()) {
        Instant now = Instant.now();
        SourceAnswer answer = store.answer();
        List<Freeze> active = new ArrayList<>(answer.freezes());
        active.removeIf(freeze -> freeze.endedAt(now));
        print(before, active, now);
        before = active;
        String wrong = answer.knowledge().problem().orElse("");
        if (!wrong.isEmpty() && !wrong.equals(problem)) {
          place.warn(wrong);
        }
        problem = wrong;
        var _ = changed.tryAcquire(untilNext(active, now).toMillis(), TimeUnit.MILLISECONDS);
        changed.drainPermits();
      }
    } catch (IllegalArgumentException wrong) {
      return place.wrong(wrong);
    }
    return 0;
  }

  private void print(List<Freeze> before, List<Freeze> active, Instant now) {
    for (Freeze freeze : before) {
      if (!active.contains(freeze)) {
        print("unfrozen", freeze, now);
      }
    }
    for (Freeze freeze : active) {
      if (!before.contains(freeze)) {
        print("frozen", freeze, now);
      }
    }
  }

  private void print(String what, Freeze freeze, Instant now) {
    if (place.json) {
      Map<String, Object> values = new LinkedHashMap<>();
      values.put("at", now.toString());
      values.put("change", what);
      values.put("freeze", freeze.toMap());
      place.print(values);
    } else {
      place.print(now + " " + what + ": " + FreezePlace.describe(freeze, now));
    }
  }

  /** The next {@code until}, but at most a second, because the clock can be set. */
  private static Duration untilNext(List<Freeze> active, Instant now) {
    Duration wait = Duration.ofSeconds(1);
    for (Freeze freeze : active) {
      if (freeze.until().isPresent()) {
        Duration left = Duration.between(now, freeze.until().get()).plusMillis(1);
        wait = left.compareTo(wait) < 0 ? left : wait;
      }
    }
    return wait;
  }
}
