package io.rolehost.samples.photos.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.rolehost.api.Instance;
import io.rolehost.api.RoleContext;
import io.rolehost.api.Side;
import io.rolehost.api.Task;
import io.rolehost.api.TaskSupervisor;
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
  void worker_started_superviseTheTasksThatTheWebCanRunToo() throws Exception {
    List<String> noted = new ArrayList<>();
    Config config =
        ConfigFactory.parseMap(Map.of("photos.spool", temp.toString()))
            .withFallback(ConfigFactory.parseResources("reference.conf"))
            .resolve();
    InvocationHandler supervisor =
        (proxy, method, arguments) -> {
          noted.add(((Task) arguments[0]).name());
          return null;
        };
    InvocationHandler host =
        (proxy, method, arguments) ->
            switch (method.getName()) {
              case "config" -> config;
              case "instance" -> new Instance("test", "photo-worker", "photo-worker_IN_0", 1);
              case "side" -> Side.ALONE;
              case "tasks" -> fake(TaskSupervisor.class, supervisor);
              case "healthCheck" -> {
                noted.add("health: " + arguments[0]);
                yield null;
              }
              default -> throw new UnsupportedOperationException(method.getName());
            };
    assertTrue(new PhotoWorker(InstantSource.system()).onStart(fake(RoleContext.class, host)));
    assertEquals(List.of("health: spool", "thumbnail-1", "thumbnail-2", "photo-sweep"), noted);
  }

  private static <T> T fake(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
