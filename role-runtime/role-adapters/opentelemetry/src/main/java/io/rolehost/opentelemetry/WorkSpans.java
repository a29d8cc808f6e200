package io.rolehost.opentelemetry;

import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.rolehost.api.Work;
import io.rolehost.api.WorkObserver;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A span for each attempt of a task, each attempt at a job and each request, current on its thread:
 * spans that the role makes meanwhile are below it.
 */
public final class WorkSpans implements WorkObserver {

  static final String LIBRARY = "io.rolehost";

  private static final AttributeKey<String> NAME = AttributeKey.stringKey("rolehost.name");
  private static final AttributeKey<Long> ATTEMPT = AttributeKey.longKey("rolehost.attempt");
  private static final AttributeKey<String> ID = AttributeKey.stringKey("rolehost.id");

  private final Supplier<OpenTelemetry> telemetry;

  /** Called by {@code ServiceLoader}; spans go to {@link GlobalOpenTelemetry}. */
  public WorkSpans() {
    this(GlobalOpenTelemetry::get);
  }

  WorkSpans(Supplier<OpenTelemetry> telemetry) {
    this.telemetry = telemetry;
  }

  @Override
  @SuppressWarnings("MustBeClosed") // closed at the end of the work, which is another call
  public Observed begins(Work work) {
    OpenTelemetry to = telemetry.get();
    Context parent =
        to.getPropagators()
            .getTextMapPropagator()
            .extract(Context.current(), work.context(), new Headers());
    SpanBuilder builder =
        to.getTracer(LIBRARY)
            .spanBuilder(nameOf(work))
            .setParent(parent)
            .setSpanKind(kindOf(work.kind()))
            .setAttribute(NAME, work.name())
            .setAttribute(ATTEMPT, (long) work.attempt());
    if (!work.id().isEmpty()) {
      builder.setAttribute(ID, work.id());
    }
    Span span = builder.startSpan();
    Scope scope = span.makeCurrent();
    return failure -> {
      scope.close();
      if (failure != null) {
        span.setStatus(StatusCode.ERROR);
        span.recordException(failure);
      }
      span.end();
    };
  }

  /** The path of a request is an attribute alone: a name must be one of few. */
  private static String nameOf(Work work) {
    return work.kind() == Work.Kind.REQUEST
        ? work.name().split(" ", 2)[0]
        : work.kind().name().toLowerCase(Locale.ROOT) + " " + work.name();
  }

  private static SpanKind kindOf(Work.Kind kind) {
    return switch (kind) {
      case TASK -> SpanKind.INTERNAL;
      case JOB -> SpanKind.CONSUMER;
      case REQUEST -> SpanKind.SERVER;
    };
  }

  private static final class Headers implements TextMapGetter<Map<String, String>> {

    @Override
    public @Nullable String get(@Nullable Map<String, String> carrier, String key) {
      return carrier == null ? null : carrier.get(key.toLowerCase(Locale.ROOT));
    }
  }
}
