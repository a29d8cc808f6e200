package io.rolehost.cli.unit;

import io.rolehost.cli.budget.TimeSpan;
import io.rolehost.cli.unit.UnitPlan.Kind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Writes the units of a plan: pure. Why each line is there is told in {@code docs/systemd.md}. */
public final class UnitWriter {

  /** The first version that knows RestartSteps= and RestartMaxDelaySec=. */
  private static final int KNOWS_RESTART_STEPS = 254;

  private final UnitPlan plan;
  private final StringBuilder text = new StringBuilder();

  private UnitWriter(UnitPlan plan) {
    this.plan = plan;
  }

  /** Returns the text of each unit by its file name, the service first. */
  public static Map<String, String> write(UnitPlan plan) {
    Map<String, String> units = new LinkedHashMap<>();
    switch (plan.kind()) {
      case Kind.Node() -> units.put(plan.name() + ".service", new UnitWriter(plan).node());
      case Kind.Host(boolean template, Optional<UnitPlan.Listen> listens) -> {
        units.put(
            plan.name() + (template ? "@" : "") + ".service",
            new UnitWriter(plan).host(template, listens));
        listens.ifPresent(
            listen -> units.put(plan.name() + ".socket", new UnitWriter(plan).socket(listen)));
      }
      case Kind.Job(String calendar) -> {
        units.put(plan.name() + ".service", new UnitWriter(plan).job());
        units.put(plan.name() + ".timer", new UnitWriter(plan).timer(calendar));
      }
    }
    return units;
  }

  private String node() {
    unit("Node of " + plan.name() + " (Rolehost)", true);
    service("notify");
    set("NotifyAccess", "main");
    command();
    user("");
    limits();
    restart();
    section(
        "",
        "# One of its processes that the kernel ends for lack of memory is started again by the"
            + " node.",
        "OOMPolicy=continue",
        "# The node may give each of its roles a control group of its own.",
        "Delegate=yes");
    hardening(false);
    install("multi-user.target");
    return text.toString();
  }

  private String host(boolean template, Optional<UnitPlan.Listen> listens) {
    unit("Role " + plan.name() + (template ? " %i" : "") + " (Rolehost)", true);
    if (listens.isPresent()) {
      line("Requires=" + plan.name() + ".socket");
      line("After=" + plan.name() + ".socket");
    }
    service("notify");
    set("NotifyAccess", "main");
    listens.ifPresent(listen -> {
      line("# The listening socket of " + plan.name() + ".socket is descriptor 0.");
      set("StandardInput", "socket");
      set("StandardOutput", "journal");
      set("StandardError", "journal");
      environment(variable(listen.endpoint(), "INHERIT"), "true");
    });
    if (template) {
      set("Environment", "ROLEHOST_INSTANCE=%i");
    }
    command();
    set("ExecReload", "/bin/kill -HUP $MAINPID");
    user(template ? "-%i" : "");
    limits();
    restart();
    resources();
    hardening(true);
    install("multi-user.target");
    if (template) {
      line("DefaultInstance=0");
    }
    return text.toString();
  }

  private String job() {
    unit("Job " + plan.name() + " (Rolehost)", false);
    line("# Five tries an hour, then the next time of the timer.");
    line("StartLimitIntervalSec=1h");
    line("StartLimitBurst=5");
    service("oneshot");
    environment("ROLEHOST_PROFILE", "systemd");
    environment("ROLEHOST_RUN_ON_RETURN", "stop");
    if (!plan.environment().containsKey("ROLEHOST_MANAGEMENT_PORT")) {
      environment("ROLEHOST_MANAGEMENT_PORT", "0");
    }
    command();
    user("");
    section(
        "",
        "# A run may take as long as it takes. Its start is limited by rolehost.start.timeout.",
        "TimeoutStartSec=infinity",
        "TimeoutStopSec=" + TimeSpan.seconds(plan.stop()),
        "KillMode=mixed",
        "",
        "Restart=on-failure",
        "RestartSec=60",
        "RestartPreventExitStatus=64 78");
    hardening(true);
    return text.toString();
  }

  private String timer(String calendar) {
    section(
        "[Unit]",
        "Description=Starts " + plan.name() + ".service",
        "",
        "[Timer]",
        "OnCalendar=" + calendar,
        "# What was missed while the machine was off is made up for at once.",
        "Persistent=true",
        "AccuracySec=1s");
    install("timers.target");
    return text.toString();
  }

  private String socket(UnitPlan.Listen listen) {
    section(
        "[Unit]",
        "Description=Listens for " + plan.name() + ".service",
        "",
        "[Socket]",
        "ListenStream=" + listen.stream(),
        "# Who connects while the service is started again waits here.",
        "Backlog=4096",
        "Accept=no");
    install("sockets.target");
    return text.toString();
  }

  private void unit(String description, boolean forEver) {
    section(
        "[Unit]",
        "Description=" + description,
        "After=network-online.target",
        "Wants=network-online.target");
    if (forEver) {
      line("# The growing delay and the crash-loop freeze are the brakes; systemd never gives up.");
      line("StartLimitIntervalSec=0");
    }
  }

  private void service(String type) {
    section("", "[Service]", "Type=" + type);
  }

  private void command() {
    plan.environment().forEach(this::environment);
    set("WorkingDirectory", plan.workingDirectory().toString());
    StringBuilder words = new StringBuilder();
    for (String word : plan.command()) {
      words.append(words.isEmpty() ? "" : " ").append(quoted(word.replace("$", "$$")));
    }
    set("ExecStart", words.toString());
  }

  private void user(String tail) {
    if (plan.user().isPresent()) {
      set("User", plan.user().get());
    } else {
      set("DynamicUser", "yes");
    }
    set("StateDirectory", plan.name() + tail);
    set("StateDirectoryMode", "0750");
  }

  private void limits() {
    section(
        "",
        "TimeoutStartSec=" + TimeSpan.seconds(plan.start()),
        "TimeoutStopSec=" + TimeSpan.seconds(plan.stop()),
        "WatchdogSec=" + TimeSpan.seconds(plan.watchdog()),
        "# One that hangs as a whole prints its threads, and is killed 5 s later.",
        "WatchdogSignal=SIGQUIT",
        "TimeoutAbortSec=5",
        "KillMode=mixed");
  }

  private void restart() {
    section("", "Restart=on-failure");
    if (plan.systemd() >= KNOWS_RESTART_STEPS) {
      line("RestartSec=1");
      line("RestartSteps=5");
      line("RestartMaxDelaySec=30");
    } else {
      line("RestartSec=5");
    }
    section(
        "RestartPreventExitStatus=64 78",
        "RestartForceExitStatus=86",
        "# A recycle that was asked for is no failure.",
        "SuccessExitStatus=86");
  }

  private void resources() {
    section("", "OOMPolicy=stop");
    plan.limits().memory().ifPresent(bytes -> line("MemoryMax=" + bytes));
    plan.limits().cpus().ifPresent(cpus -> line("CPUQuota=" + Math.round(cpus * 100) + "%"));
  }

  /** What a JVM can do without; not MemoryDenyWriteExecute=, since it writes its own code. */
  private void hardening(boolean alone) {
    section("", "NoNewPrivileges=yes", "ProtectSystem=strict");
    if (startsInAHome()) {
      section("# It is in a home folder.", "ProtectHome=read-only");
    } else {
      line("ProtectHome=yes");
    }
    if (!plan.writable().isEmpty()) {
      StringBuilder paths = new StringBuilder();
      plan.writable()
          .forEach(
              path -> paths.append(paths.isEmpty() ? "" : " ").append(quoted(path.toString())));
      set("ReadWritePaths", paths.toString());
    }
    section(
        "PrivateTmp=yes",
        "PrivateDevices=yes",
        "ProtectKernelTunables=yes",
        "ProtectKernelModules=yes",
        "ProtectKernelLogs=yes",
        "ProtectControlGroups=" + (alone ? "yes" : "no"),
        "ProtectClock=yes",
        "ProtectHostname=yes",
        "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK",
        "RestrictNamespaces=yes",
        "RestrictRealtime=yes",
        "RestrictSUIDSGID=yes",
        "LockPersonality=yes",
        "RemoveIPC=yes",
        "SystemCallArchitectures=native",
        "UMask=0027",
        "LimitNOFILE=65536");
    if (plan.user().equals(Optional.of("root"))) {
      section(
          "# What it needs to run its roles as other users, and to end them.",
          "CapabilityBoundingSet=CAP_SETUID CAP_SETGID CAP_KILL CAP_CHOWN CAP_FOWNER"
              + " CAP_DAC_OVERRIDE CAP_SYS_PTRACE");
    } else {
      section("ProtectProc=invisible", "CapabilityBoundingSet=", "AmbientCapabilities=");
    }
  }

  private boolean startsInAHome() {
    for (String word : plan.command()) {
      if (isInAHome(word)) {
        return true;
      }
    }
    return isInAHome(plan.workingDirectory().toString());
  }

  private static boolean isInAHome(String word) {
    return List.of("/home/", "/root/", "/run/user/").stream().anyMatch(word::startsWith)
        || word.equals("/root");
  }

  private void install(String target) {
    section("", "[Install]", "WantedBy=" + target);
  }

  private void environment(String name, String value) {
    set("Environment", quoted(name + "=" + value));
  }

  private void set(String key, String value) {
    line(key + "=" + value);
  }

  private void section(String... lines) {
    for (String each : lines) {
      line(each);
    }
  }

  private void line(String line) {
    text.append(line).append('\n');
  }

  /** Returns the variable that sets a key of an endpoint. */
  public static String variable(String endpoint, String key) {
    String name = endpoint.replace('-', '_').replace('.', '_').toUpperCase(Locale.ROOT);
    return "ROLEHOST_ENDPOINTS_" + name + "_" + key;
  }

  /** A percent sign begins a specifier; a word with a space or quote needs quotes. */
  private static String quoted(String word) {
    String safe = word.replace("\\", "\\\\").replace("\"", "\\\"").replace("%", "%%");
    return safe.isEmpty() || !safe.matches("[^\\s\"';\\\\]*") ? '"' + safe + '"' : safe;
  }

  /** Returns whether a text can be the name of a unit. */
  public static boolean isName(String text) {
    return text.matches("[A-Za-z0-9][A-Za-z0-9_.-]{0,99}");
  }

  /** Returns whether a text can be the name of a user. */
  public static boolean isUser(String text) {
    return text.matches("[a-z_][a-z0-9_-]{0,30}");
  }
}
