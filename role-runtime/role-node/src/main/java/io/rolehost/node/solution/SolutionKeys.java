package io.rolehost.node.solution;

import io.rolehost.node.solution.Key.Form;
import java.util.List;

/**
 * All keys of a solution, in one list: what is read, what is refused as unknown, and what the
 * schema for editors says come from it.
 */
final class SolutionKeys {
  static final List<Key> STARTUP =
      List.of(
          Key.of("name", Form.TEXT, "Default: the file name of the program."),
          Key.of("command", Form.TEXTS, "Program and arguments; never given to a shell."),
          Key.of(
              "type",
              Form.TEXT,
              "simple (waited for; a failure refuses the start), background or foreground (not"
                  + " waited for; the stop waits for a foreground one). Default: simple."),
          Key.of("timeout", Form.TIME, "Of a simple one. Default: 5m."),
          Key.of("environment", Form.TEXT_BY_NAME, "On top of the role's."));

  static final List<Key> ENDPOINT =
      List.of(
          Key.of(
              "port",
              Form.PORT,
              "Of instance 0; instance n has port + n. auto (or 0) = any free one, at each"
                  + " start."),
          Key.of(
              "host",
              Form.TEXT,
              "The address that azure-runtime tells, as a number. Default: 127.0.0.1."),
          Key.of(
              "protocol",
              Form.TEXT,
              "The protocol that azure-runtime tells: http, https, tcp, udp, … Default: tcp."),
          Key.of(
              "internal",
              Form.FLAG,
              "Whether azure-runtime shows other roles where the instances are. Default: false."));

  static final List<Key> LOCAL_RESOURCE =
      List.of(
          Key.of("size", Form.SIZE, "What the role means to use at most. Default: 1000MiB."),
          Key.of("clean-on-recycle", Form.FLAG, "Whether it is emptied before each start: false."));

  static final List<Key> HTTP_PROBE =
      List.of(
          Key.of("path", Form.TEXT, "What is asked for, such as /health."),
          Key.of(
              "port",
              Form.PORT,
              "The TCP port (instance n: port + n), or the name of an endpoint. Default: that of"
                  + " the only endpoint."),
          Key.of(
              "interval",
              Form.TIME,
              "From one request to the next, once it was ready; at least 5s. Default: 15s."),
          Key.of(
              "timeout",
              Form.TIME,
              "Not ready once there was no 200 for this long; at least 11s, and more than the"
                  + " interval. Default: 31s."));

  static final List<Key> READY =
      List.of(
          Key.of(
              "port",
              Form.PORT,
              "Ready while this TCP port takes connections (instance n: port + n), or that of the"
                  + " endpoint with this name."),
          Key.of(
              "http",
              Form.TEXT_OR_BLOCK,
              "Ready while GET of this path at the port is answered well; or a probe as that of a"
                  + " load balancer.",
              array(HTTP_PROBE)),
          Key.of(
              "fd", Form.WHOLE, "Ready from the first newline on this file descriptor, 3 to 9."));

  static final List<Key> UPDATE =
      List.of(
          Key.of(
              "domains",
              Form.WHOLE,
              "Into how many update domains the instances are dealt. Default: 5."),
          Key.of(
              "max-unavailable",
              Form.WHOLE,
              "How many instances may be down at once, for any cause. Default: 1."),
          Key.of(
              "min-ready",
              Form.TIME,
              "How long a new process is ready before the next one may leave. Default: 0s."));

  static final List<Key> LIMITS =
      List.of(
          Key.of("memory", Form.SIZE, "What one instance may use, such as 512MiB."),
          Key.of("cpus", Form.NUMBER, "How many processors one instance may use, such as 1.5."));

  static final List<Key> BACK_OFF =
      List.of(
          Key.of(
              "initial",
              Form.TIME,
              "The first retry comes at a random moment within this time (default: 20ms); the"
                  + " next pause is initial times factor (default: 2s)."),
          Key.of("factor", Form.NUMBER, "Growth from one pause to the next. Default: 2."),
          Key.of("cap", Form.TIME, "The longest pause. Default: 5m."),
          Key.of("jitter", Form.NUMBER, "The share of a pause that is random. Default: 0.25."),
          Key.of(
              "reset-after",
              Form.TIME,
              "How long after its first READY a process must live for earlier failures to be"
                  + " forgotten. Default: 10m."),
          Key.of(
              "exempt-codes",
              Form.WHOLES,
              "Exit codes that are no failure: started again at once, at most once a second."));

  static final List<Key> SWAP =
      List.of(
          Key.of(
              "other",
              Form.TEXT,
              "The state directory of the other deployment, from the solution's folder."),
          Key.of("haproxy", Form.TEXT, "HAProxy's stats socket, with level admin."),
          Key.of(
              "map",
              Form.TEXT,
              "The map file that its use_backend looks up, as it is named there."),
          Key.of("key", Form.TEXT, "What is looked up in the map."),
          Key.of(
              "backend",
              Form.TEXT,
              "HAProxy's backend of this deployment. Default: the name of the deployment."));

  static final List<Key> ROLE =
      List.of(
          Key.of("jar", Form.TEXT, "The jar of a role, from the solution's folder."),
          Key.of(
              "class-path",
              Form.TEXTS,
              "Jars and folders of classes, from the solution's folder; folder/* = all its jars."),
          Key.of(
              "main-class",
              Form.TEXT,
              "With class-path. Default: io.rolehost.runtime.RoleHost, which runs the role."),
          Key.of("command", Form.TEXTS, "Any program and its arguments; never given to a shell."),
          Key.of(
              "role-host",
              Form.FLAG,
              "false for a jar or class path that is a plain Java program. Default: true."),
          Key.of("jvm-options", Form.TEXTS, "Given to java before the jar or main class."),
          Key.of("arguments", Form.TEXTS, "Given to the program of a jar or main class."),
          Key.of("instances", Form.WHOLE, "How many processes, 0 to 1000. Default: 1."),
          Key.of("env", Form.TEXT_BY_NAME, "Variables of its processes."),
          Key.of(
              "clean-environment",
              Form.FLAG,
              "Whether none of the node's variables are passed on but PATH, HOME, USER and the"
                  + " like. Default: false."),
          Key.of(
              "working-directory",
              Form.TEXT,
              "From the solution's folder. Default: that of the node."),
          Key.of("run-as", Form.TEXT, "The user of its processes; needs a node that is root."),
          Key.of("limits", Form.BLOCK, "What one instance may use.", array(LIMITS)),
          Key.of(
              "azure-runtime",
              Form.FLAG,
              "Whether its processes have the role environment of Azure. Default: false."),
          Key.of(
              "settings",
              Form.FREE,
              "Configuration of the role itself, above its application.conf."),
          Key.of("endpoints", Form.BLOCK_BY_NAME, "Where instances listen.", array(ENDPOINT)),
          Key.of(
              "local-resources",
              Form.BLOCK_BY_NAME,
              "Folders of an instance's own.",
              array(LOCAL_RESOURCE)),
          Key.of(
              "startup",
              Form.BLOCKS,
              "Programs that run before the role, one after another.",
              array(STARTUP)),
          Key.of(
              "ready",
              Form.BLOCK,
              "How a program that is no role host tells that it is ready. Default: when started.",
              array(READY)),
          Key.of(
              "depends-on",
              Form.TEXTS,
              "Roles that are ready before this one is started, and end after it."),
          Key.of(
              "critical",
              Form.FLAG,
              "Whether the node stops everything and fails when an instance is given up."),
          Key.of(
              "hot-spare",
              Form.FLAG,
              "Whether a second process of each instance waits before onStart."),
          Key.of("update", Form.BLOCK, "How instances are renewed.", array(UPDATE)),
          Key.of(
              "stop-grace",
              Form.TIME,
              "From TERM to KILL. Default: more than a role host grants itself; 10s for others."),
          Key.of(
              "unresponsive-after",
              Form.TIME,
              "After so long without an answer a role host that has answered before is killed."
                  + " Default: 10m; 0 = never."),
          Key.of("back-off", Form.BLOCK, "The pauses between failed starts.", array(BACK_OFF)));

  private SolutionKeys() {}

  private static Key[] array(List<Key> keys) {
    return keys.toArray(Key[]::new);
  }
}
