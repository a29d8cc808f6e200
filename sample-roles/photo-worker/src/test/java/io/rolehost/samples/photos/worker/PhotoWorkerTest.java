package io.rolehost.samples.photos.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.rolehost.api.RoleContext;
import io.rolehost.jobs.FilesTrigger;
import io.rolehost.jobs.Jobs;
import io.rolehost.jobs.QueueTrigger;
import io.rolehost.jobs.ScheduleTrigger;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PhotoWorkerTest {
  @TempDir Path temp;

  @Test
  void worker_started_declaresTheWorkThatTheWebCanDoToo() throws Exception {
    List<String> noted = new ArrayList<>();
    Config config =
        ConfigFactory.parseMap(Map.of("photos.directory", temp.toString()))
            .withFallback(ConfigFactory.parseResources("reference.conf"))
            .resolve();
    InvocationHandler jobs =
        (proxy, method, arguments) -> {
          noted.add(
              switch (arguments[0]) {
                case QueueTrigger queue -> "queue " + queue.name() + " x" + queue.concurrency();
                case ScheduleTrigger schedule -> "schedule " + schedule.name().orElse("");
                case FilesTrigger files -> "files in " + files.folder();
                default -> throw new UnsupportedOperationException(method.getName());
              });
          return null;
        };
    InvocationHandler host =
        (proxy, method, arguments) ->
            switch (method.getName()) {
              case "config" -> config;
              case "healthCheck" -> {
                noted.add("health: " + arguments[0]);
                yield null;
              }
              default -> throw new UnsupportedOperationException(method.getName());
            };
    PhotoWorker worker = new PhotoWorker(InstantSource.system(), opened -> fake(Jobs.class, jobs));
    assertTrue(worker.onStart(fake(RoleContext.class, host)));
    assertEquals(
        List.of(
            "health: photos",
            "queue photos x2",
            "queue http.reindex x1",
            "files in " + temp.resolve("inbox"),
            "schedule photo-clean-up"),
        noted);
  }

  private static <T> T fake(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
