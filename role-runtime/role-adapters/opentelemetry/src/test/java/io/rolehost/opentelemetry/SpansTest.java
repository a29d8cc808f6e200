package io.rolehost.opentelemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.rolehost.api.Work;
import io.rolehost.api.WorkObserver;
import io.rolehost.runtime.journal.JournalEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SpansTest {

  private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");

  private final InMemorySpanExporter exported = InMemorySpanExporter.create();
  private final OpenTelemetry telemetry =
      OpenTelemetrySdk.builder()
          .setTracerProvider(
              SdkTracerProvider.builder()
                  .addSpanProcessor(SimpleSpanProcessor.create(exported))
                  .build())
          .setPropagators(ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
          .build();
  private final WorkSpans work = new WorkSpans(() -> telemetry);
  private final LifeSpans life = new LifeSpans(() -> telemetry);
  private long sequence;

  @Test
  void attempt_thatFails_isAnErrorAboveWhatTheRoleTracedMeanwhile() {
    WorkObserver.Observed attempt = work.begins(Work.task("images/resize", 2));
    telemetry.getTracer("role").spanBuilder("decode").startSpan().end();
    attempt.ended(new IllegalStateException("no decoder"));
    telemetry.getTracer("role").spanBuilder("later").startSpan().end();

    List<SpanData> spans = exported.getFinishedSpanItems();
    assertEquals(
        List.of("decode", "task images/resize", "later"),
        spans.stream().map(SpanData::getName).toList());
    SpanData span = spans.get(1);
    assertEquals(span.getSpanId(), spans.getFirst().getParentSpanId());
    assertNotEquals(span.getTraceId(), spans.getLast().getTraceId());
    assertEquals(
        Attributes.of(
            AttributeKey.longKey("rolehost.attempt"),
            2L,
            AttributeKey.stringKey("rolehost.name"),
            "images/resize"),
        span.getAttributes().toBuilder().build());
    assertEquals(
        List.of(SpanKind.INTERNAL, StatusCode.ERROR, "exception"),
        List.of(
            span.getKind(),
            span.getStatus().getStatusCode(),
            span.getEvents().getFirst().getName()));
  }

  @Test
  void request_withATrace_goesOnWithIt() {
    String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    WorkObserver.Observed request =
        work.begins(
            new Work(
                Work.Kind.REQUEST,
                "POST /photos/17",
                1,
                "abc",
                Map.of("traceparent", "00-" + trace + "-00f067aa0ba902b7-01")));
    WorkObserver.Observed job = work.begins(Work.job("photos", 1, "job-1"));
    job.ended(null);
    request.ended(null);
    List<SpanData> spans = exported.getFinishedSpanItems();
    assertEquals(
        List.of("job photos CONSUMER " + trace, "POST SERVER " + trace),
        spans.stream()
            .map(span -> span.getName() + " " + span.getKind() + " " + span.getTraceId())
            .toList());
    assertEquals("00f067aa0ba902b7", spans.getLast().getParentSpanId());
  }

  @Test
  void life_ofAnInstance_isAStartAndAStopWithItsSteps() {
    tell(0, "start", "STARTING", "STARTING", Map.of());
    tell(10, "transition", "STARTING", "PREPARING", Map.of());
    tell(200, "transition", "PREPARING", "READY", Map.of());
    tell(300, "task", "READY", "READY", Map.of());
    tell(1000, "transition", "READY", "DRAINING", Map.of());
    tell(1400, "transition", "DRAINING", "STOPPING", Map.of());
    tell(1500, "step", "STOPPING", "STOPPING", Map.of("step", "LISTENERS", "millis", 100));
    tell(1900, "step", "STOPPING", "STOPPING", Map.of("step", "ON_STOP", "millis", 400));
    tell(2000, "end", "STOPPING", "STOPPED", Map.of("code", 0, "reason", "SIGNAL", "clean", true));
    assertEquals(
        List.of(
            "start 0-200 UNSET",
            "stop DRAIN 1000-1400 UNSET",
            "stop LISTENERS 1400-1500 UNSET",
            "stop ON_STOP 1500-1900 UNSET",
            "stop 1000-2000 UNSET"),
        told());
    List<SpanData> spans = exported.getFinishedSpanItems();
    for (SpanData step : spans.subList(1, 4)) {
      assertEquals(spans.getLast().getSpanId(), step.getParentSpanId());
    }
  }

  @Test
  void start_thatFails_isAnError() {
    tell(0, "start", "STARTING", "STARTING", Map.of());
    tell(50, "transition", "STARTING", "STOPPING", Map.of());
    tell(60, "end", "STOPPING", "FAILED", Map.of("code", 70, "reason", "RUN_FAILED"));
    assertEquals(List.of("start 0-50 ERROR", "stop 50-60 ERROR"), told());
  }

  private List<String> told() {
    List<String> told = new ArrayList<>();
    for (SpanData span : exported.getFinishedSpanItems()) {
      told.add(
          "%s %d-%d %s"
              .formatted(
                  span.getName(),
                  millis(span.getStartEpochNanos()),
                  millis(span.getEndEpochNanos()),
                  span.getStatus().getStatusCode()));
    }
    return told;
  }

  private static long millis(long epochNanos) {
    return epochNanos / 1_000_000 - NOON.toEpochMilli();
  }

  private void tell(long millis, String type, String from, String to, Map<String, Object> detail) {
    life.happened(
        new JournalEntry(
            ++sequence,
            NOON.plusMillis(millis),
            millis * 1_000_000,
            7,
            type,
            from,
            to,
            "expected by this test",
            detail));
  }
}
