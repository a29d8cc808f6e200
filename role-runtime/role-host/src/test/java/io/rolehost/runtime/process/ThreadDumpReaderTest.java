package io.rolehost.runtime.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.StringReader;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The JDK's own form, as version 25.0.3 writes it. */
final class ThreadDumpReaderTest {

  @Test
  void dump_withMonitors_isReadWithoutTheRest() throws Exception {
    String dump =
        """
        { "threadDump": { "processId": "1", "time": "2026-11-25T18:20:08Z", "threadContainers": [
          { "container": "<root>", "parent": null, "owner": null, "threads": [
            { "tid": "3", "name": "main", "state": "RUNNABLE", "stack": ["a.B.c(B.java:1)"] },
            { "tid": "23", "virtual": true, "name": "a \\"}]} name", "state": "BLOCKED",
              "blockedOn": "java.lang.Object@65e98b1c", "stack": ["a.B.c(B.java:5)"],
              "monitorsOwned": [ { "depth": 0, "locks": ["java.lang.Object@61322f9d", null] },
                                 { "depth": 3, "locks": ["a.C@1"] } ] } ], "threadCount": "2" },
          { "container": "pool\\/x", "parent": "<root>", "owner": null, "threads": [
            { "tid": "29", "virtual": true, "name": "", "state": "WAITING", "waitingOn": "a.L@5",
              "stack": [], "monitorsOwned": [ { "depth": 3, "locks": ["a.L@5"] } ] },
            { "tid": "30", "virtual": true, "name": "spin", "state": "RUNNABLE",
              "stack": ["a.B.c(B.java:9)"], "carrier": "26" } ], "threadCount": "2" } ] } }
        """;
    assertEquals(
        List.of(
            new ThreadFacts(
                23,
                "a \"}]} name",
                Optional.of("java.lang.Object@65e98b1c"),
                Optional.empty(),
                List.of("java.lang.Object@61322f9d", "a.C@1"),
                List.of("a.B.c(B.java:5)")),
            new ThreadFacts(
                29, "", Optional.empty(), Optional.of("a.L@5"), List.of("a.L@5"), List.of())),
        ThreadDumpReader.read(new StringReader(dump)));
  }
}
