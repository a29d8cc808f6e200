package io.rolehost.cli;

import io.rolehost.cli.MachineFacts.Jar;
import io.rolehost.cli.MachineFacts.Port;
import io.rolehost.cli.MachineFacts.State;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** From what was found on a machine to what is wrong with it. Pure. */
final class Diagnosis {

  private static final int JAVA = 25;
  private static final long MIB = 1024 * 1024;
  // An incident with its dump has about one; the journal of an instance grows to twelve.
  private static final long LITTLE_SPACE = 64 * MIB;
  // A JVM and its jars have about a hundred open; each connection is one more.
  private static final long FEW_FILES = 4_096;
  private static final long TOO_FEW_FILES = 256;
  private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(1);
  // Rolehost did not exist before.
  private static final Instant LONG_AGO = Instant.parse("2025-09-16T00:00:00Z");
  private static final List<Path> SHORT_LIVED =
      List.of(Path.of("/tmp"), Path.of("/var/tmp"), Path.of("/dev/shm"), Path.of("/run"));
  private static final String UNCOUNTED =
      "A crash loop can't be counted over what is lost, nor does a freeze outlive it";

  private final MachineFacts facts;
  private final List<Finding> findings = new ArrayList<>();

  private Diagnosis(MachineFacts facts) {
    this.facts = facts;
  }

  /** Returns what each check found, in the order to mend it. */
  static List<Finding> of(MachineFacts facts) {
    Diagnosis diagnosis = new Diagnosis(facts);
    diagnosis.java();
    diagnosis.findings.add(
        Finding.ok("profile", facts.profile() + ", because " + facts.profileWhy()));
    diagnosis.stateDirectory(facts.state());
    diagnosis.lasting(facts.state());
    diagnosis.solution();
    facts.jars().forEach(diagnosis::jar);
    facts.ports().forEach(diagnosis::port);
    diagnosis.freeze();
    diagnosis.clock();
    diagnosis.signals();
    diagnosis.openFiles();
    return List.copyOf(diagnosis.findings);
  }

  /** Returns the exit code: 78 if somebody must change something, 75 if it may pass, else 0. */
  static int exitCode(List<Finding> findings) {
    if (findings.stream().anyMatch(f -> f.result() == Finding.Result.FAIL)) {
      return Failures.CONFIGURATION;
    }
    return findings.stream().anyMatch(f -> f.result() == Finding.Result.FAIL_NOW)
        ? Failures.TRY_AGAIN
        : 0;
  }

  private void java() {
    String found = "Java " + facts.java().version() + " in " + facts.java().home();
    findings.add(
        facts.java().feature() >= JAVA
            ? Finding.ok("java", found)
            : Finding.fail(
                "java", found + ", expected 25 or newer", "Install a JDK 25 and set JAVA_HOME"));
  }

  private void stateDirectory(State state) {
    String check = "state directory";
    switch (state.there()) {
      case SOMETHING_ELSE ->
          findings.add(
              Finding.fail(
                  check,
                  state.folder() + " is no directory",
                  "Remove it, or name another by --state-dir or ROLEHOST_STATE_DIR"));
      case NOTHING ->
          findings.add(
              state.writable()
                  ? Finding.ok(
                      check, state.folder() + " is not there yet; the first start makes it")
                  : Finding.fail(
                      check,
                      state.folder() + " is not there and this user can't make it",
                      "Make it and give it to the user that runs the roles"));
      case FOLDER -> {
        if (!state.writable()) {
          findings.add(
              Finding.fail(
                  check,
                  "nothing can be written in "
                      + state.folder()
                      + ": it is another user's, or on a disk that is read-only",
                  "Roles would run without journal, incidents and freeze: give it to their user"));
        } else if (state.freeBytes() < LITTLE_SPACE) {
          findings.add(
              Finding.warn(
                  check,
                  state.folder() + " has " + state.freeBytes() / MIB + " MiB left",
                  "A freeze that can't be stored is refused, and the journal has gaps: free some"));
        } else {
          findings.add(
              Finding.ok(
                  check,
                  state.folder()
                      + (state.nodeRuns() ? ", where a node runs" : "")
                      + "; "
                      + state.freeBytes() / MIB
                      + " MiB left"));
        }
      }
    }
  }

  /** Whether what is counted there is still there at the next start. */
  private void lasting(State state) {
    String check = "state lasts";
    if (state.containerNotice().isPresent()) {
      findings.add(Finding.warn(check, state.containerNotice().get(), UNCOUNTED));
    } else if (state.fileSystem().equals("tmpfs") || state.fileSystem().equals("ramfs")) {
      findings.add(
          Finding.warn(
              check,
              state.folder() + " is kept in memory (" + state.fileSystem() + ")",
              UNCOUNTED + ": name a folder on a disk"));
    } else if (SHORT_LIVED.stream().anyMatch(state.folder()::startsWith)) {
      findings.add(
          Finding.warn(
              check,
              state.folder()
                  + " is emptied at a reboot, by a cleaner, or, under systemd's PrivateTmp, at each"
                  + " stop",
              UNCOUNTED + ": name a folder such as /var/lib/NAME"));
    } else {
      findings.add(
          Finding.ok(
              check, "on " + (state.fileSystem().isEmpty() ? "a disk" : state.fileSystem())));
    }
  }

  private void solution() {
    String check = "solution";
    if (!facts.plan().there()) {
      findings.add(Finding.ok(check, "none here: 'rolehost run JAR' and 'java -jar' need none"));
      return;
    }
    for (String problem : facts.plan().problems()) {
      findings.add(Finding.fail(check, problem, ""));
    }
    if (facts.plan().problems().isEmpty()) {
      findings.add(
          Finding.ok(check, facts.plan().file() + " with " + facts.plan().roles() + " roles"));
    }
  }

  private void jar(Jar jar) {
    if (jar.problem().isPresent()) {
      findings.add(
          Finding.fail(
              "jar",
              jar.file() + " of " + jar.role() + ": " + jar.problem().get(),
              "Build the role again"));
      return;
    }
    String name = jar.role() + " starts from " + jar.file();
    findings.add(
        switch (jar.cache()) {
          case FRESH -> Finding.ok("jar", name + " with its start-up cache");
          case NONE -> Finding.ok("jar", name + " without a start-up cache; bin/aot makes one");
          case OF_ANOTHER_BUILD ->
              Finding.warn(
                  "jar",
                  name + "; the start-up cache beside it was made from another build",
                  "It starts at half the speed: bin/aot " + jar.file());
        });
  }

  private void port(Port port) {
    String name = "port " + port.number();
    if (port.free()) {
      findings.add(Finding.ok(name, "free for " + port.role()));
      return;
    }
    String held =
        port.role()
            + " wants it, and "
            + (port.holder().isPresent()
                ? "process " + port.holder().getAsLong() + " has it"
                : "somebody has it whom this user may not see");
    findings.add(
        facts.state().nodeRuns()
            ? Finding.ok(name, held + "; a node runs here")
            : Finding.failNow(
                name, held, "End that, or give the role another port; 'ss -ltnp' shows who"));
  }

  private void freeze() {
    for (String problem : facts.freezing().problems()) {
      findings.add(Finding.failNow("freeze", problem, ""));
    }
    for (String active : facts.freezing().active()) {
      findings.add(Finding.warn("freeze", "frozen: " + active, "To end it: rolehost unfreeze"));
    }
    if (facts.freezing().problems().isEmpty() && facts.freezing().active().isEmpty()) {
      findings.add(Finding.ok("freeze", "nothing is frozen here"));
    }
  }

  private void clock() {
    Instant now = facts.now();
    if (now.isBefore(LONG_AGO)) {
      findings.add(
          Finding.warn(
              "clock",
              "it says " + now + ", which is over",
              "A freeze ends by the clock, and certificates are checked by it: set it"));
    } else if (facts.state().newest().isPresent()
        && facts.state().newest().get().isAfter(now.plus(CLOCKS_DIFFER))) {
      findings.add(
          Finding.warn(
              "clock",
              "it says "
                  + now
                  + ", but something in the state directory was written at "
                  + facts.state().newest().get(),
              "It was set back, so a freeze ends later than it was meant to; see timedatectl"));
    } else {
      findings.add(Finding.ok("clock", now.toString()));
    }
  }

  private void signals() {
    for (String ignored : facts.ignoredSignals()) {
      findings.add(Finding.warn("signals", ignored, ""));
    }
    if (facts.ignoredSignals().isEmpty()) {
      findings.add(Finding.ok("signals", "TERM, INT and HUP reach what is started here"));
    }
  }

  private void openFiles() {
    if (facts.openFiles().isEmpty()) {
      findings.add(Finding.ok("open files", "nobody can tell on this system"));
      return;
    }
    long most = facts.openFiles().getAsLong();
    String says = "a process may have " + most + " open";
    String todo = "Raise it: ulimit -Hn, LimitNOFILE= in the unit, or the runtime of the container";
    findings.add(
        most < TOO_FEW_FILES
            ? Finding.fail("open files", says, todo)
            : most < FEW_FILES
                ? Finding.warn("open files", says + "; each connection is one", todo)
                : Finding.ok("open files", says));
  }
}
