package io.rolehost.runtime.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.api.Operations;
import io.rolehost.api.Role;
import io.rolehost.api.RoleContext;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An operator looks at a part of the role and has it act. */
final class OperationsProcessTest {

  @TempDir Path folder;

  /** Shows where it keeps things and whether it is frozen; says back what it is asked to do. */
  public static final class Shelf implements Role {
    @Override
    public boolean onStart(RoleContext context) {
      context.operations(
          "shelf",
          new Operations() {
            @Override
            public Map<String, Object> summary() {
              return Map.of("frozen", context.frozen());
            }

            @Override
            public Answer look(Map<String, String> query) {
              return new Answer(200, Map.of("folder", context.stateDirectory().toString()));
            }

            @Override
            public Answer act(String verb, Map<String, String> parameters, String by) {
              return new Answer(202, Map.of("detail", verb + " " + parameters));
            }
          });
      return true;
    }
  }

  @Test
  void operations_ofTheRole_areShownAndActAndAreJournaled() throws IOException {
    try (HostProcess host = HostProcess.of(Shelf.class, folder).start()) {
      host.awaitReady();
      assertEquals(false, host.facts().getBoolean("operations.shelf.frozen"));
      assertTrue(host.get("/operations/shelf").contains(host.stateDir().toString()));
      assertEquals(404, host.status("/operations/other"));

      HttpResponse<String> done = host.write("POST", "/operations/shelf?do=sort&by=anna&row=3", "");
      assertNotNull(done);
      assertEquals(202, done.statusCode());
      assertEquals("{\"detail\":\"sort {row=3}\"}", done.body());
      assertTrue(
          journal(host).contains("anna, POST /operations/shelf from 127.0.0.1: shelf sort: 202"),
          journal(host));

      assertNotNull(host.write("PUT", "/freeze", "{\"reason\":\"a look\"}"));
      host.await("the role sees it", () -> host.facts().getBoolean("operations.shelf.frozen"));
      assertEquals(0, host.signal("TERM").exitCode(), host.output());
    }
  }

  private static String journal(HostProcess host) throws IOException {
    StringBuilder text = new StringBuilder();
    try (Stream<Path> files = Files.list(host.stateDir().resolve("journal"))) {
      for (Path file : files.toList()) {
        text.append(Files.readString(file));
      }
    }
    return text.toString();
  }
}
