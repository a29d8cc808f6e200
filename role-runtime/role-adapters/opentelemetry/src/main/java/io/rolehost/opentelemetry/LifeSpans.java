package io.rolehost.opentelemetry;

import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.rolehost.runtime.journal.JournalEntry;
import io.rolehost.runtime.journal.JournalObserver;
import java.time.Instant;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A span for the start of an instance, from its first entry in the journal to READY, and one for
 * its stop with one below it for each step. What else the journal tells is an event of the span
 * that is open. By one thread at a time.
 */
public final class LifeSpans implements JournalObserver {

  private static final Set<String> SERVING = Set.of("READY", "BUSY", "SUSPECT");
  private static final Set<String> LEAVING = Set.of("DRAINING", "STOPPING", "KILLING");
  private static final String DRAINING = "DRAINING";
  private static final AttributeKey<Long> INCARNATION = AttributeKey.longKey("rolehost.start");
  private static final AttributeKey<Long> CODE = AttributeKey.longKey("rolehost.exit.code");
  private static final AttributeKey<String> REASON = AttributeKey.stringKey("rolehost.stop.reason");
  private static final AttributeKey<String> CAUSE = AttributeKey.stringKey("rolehost.cause");

  private final Supplier<OpenTelemetry> telemetry;
  private @Nullable Span start;
  private @Nullable Span stop;
  private Instant drainSince = Instant.EPOCH;

  /** Called by {@code ServiceLoader}; spans go to {@link GlobalOpenTelemetry}. */
  public LifeSpans() {
    this(GlobalOpenTelemetry::get);
  }

  LifeSpans(Supplier<OpenTelemetry> telemetry) {
    this.telemetry = telemetry;
  }

  @Override
  public void happened(JournalEntry entry) {
    switch (entry.type()) {
      case "start" -> start = begin("start", entry);
      case "transition" -> entered(entry);
      case "step" -> step(entry);
      case "end" -> end(entry);
      default -> event(entry);
    }
  }

  private void entered(JournalEntry entry) {
    event(entry);
    Span starting = start;
    if (starting != null && SERVING.contains(entry.to())) {
      starting.end(entry.at());
      start = null;
    }
    if (entry.from().equals(DRAINING)) {
      below("stop DRAIN", drainSince, entry.at());
    }
    if (LEAVING.contains(entry.to()) && stop == null) {
      stop = begin("stop", entry);
      if (starting != null && start != null) {
        starting.setStatus(StatusCode.ERROR, entry.cause());
        starting.end(entry.at());
        start = null;
      }
    }
    if (entry.to().equals(DRAINING)) {
      drainSince = entry.at();
    }
  }

  private void step(JournalEntry entry) {
    if (entry.detail().get("millis") instanceof Number millis) {
      below(
          "stop " + entry.detail().get("step"),
          entry.at().minusMillis(millis.longValue()),
          entry.at());
    }
  }

  private void end(JournalEntry entry) {
    Span open = stop != null ? stop : start;
    if (open == null) {
      return;
    }
    if (entry.detail().get("code") instanceof Number code) {
      open.setAttribute(CODE, code.longValue());
    }
    if (entry.detail().get("reason") instanceof String reason) {
      open.setAttribute(REASON, reason);
    }
    if (!Boolean.TRUE.equals(entry.detail().get("clean"))) {
      open.setStatus(StatusCode.ERROR, entry.cause());
    }
    open.end(entry.at());
    start = null;
    stop = null;
  }

  private void event(JournalEntry entry) {
    Span open = stop != null ? stop : start;
    if (open != null) {
      String what =
          entry.type().equals("transition") ? entry.from() + " -> " + entry.to() : entry.type();
      open.addEvent(what, Attributes.of(CAUSE, entry.cause()), entry.at());
    }
  }

  private Span begin(String name, JournalEntry entry) {
    return tracer()
        .spanBuilder(name)
        .setNoParent()
        .setStartTimestamp(entry.at())
        .setAttribute(INCARNATION, entry.incarnation())
        .setAttribute(CAUSE, entry.cause())
        .startSpan();
  }

  private void below(String name, Instant from, Instant to) {
    Span parent = stop;
    if (parent != null) {
      tracer()
          .spanBuilder(name)
          .setParent(Context.root().with(parent))
          .setStartTimestamp(from)
          .startSpan()
          .end(to);
    }
  }

  private Tracer tracer() {
    return telemetry.get().getTracer(WorkSpans.LIBRARY);
  }
}
