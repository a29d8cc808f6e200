package io.rolehost.opentelemetry;

import io.opentelemetry.sdk.autoconfigure.spi.ConfigProperties;
import io.opentelemetry.sdk.autoconfigure.spi.traces.ConfigurableSpanExporterProvider;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;

/** Writes the names of spans into a file; chosen as a user chooses an exporter. */
public final class FileExporter implements ConfigurableSpanExporterProvider {

  @Override
  public SpanExporter createExporter(ConfigProperties config) {
    return new SpanExporter() {
      @Override
      public CompletableResultCode export(Collection<SpanData> spans) {
        try {
          Files.write(
              Path.of(System.getProperty("test.spans", "spans")),
              spans.stream().map(SpanData::getName).toList(),
              StandardOpenOption.CREATE,
              StandardOpenOption.APPEND);
          return CompletableResultCode.ofSuccess();
        } catch (IOException e) {
          return CompletableResultCode.ofExceptionalFailure(e);
        }
      }

      @Override
      public CompletableResultCode flush() {
        return CompletableResultCode.ofSuccess();
      }

      @Override
      public CompletableResultCode shutdown() {
        return CompletableResultCode.ofSuccess();
      }
    };
  }

  @Override
  public String getName() {
    return "file-of-test";
  }
}
