package io.rolehost.runtime.management;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The routing table: which paths a role host and a node have, who may ask, and where the answer is
 * made.
 */
enum Route {
  LIVEZ("/livez", Kind.PROBE, get(Right.NONE)),
  READYZ("/readyz", Kind.PROBE, get(Right.NONE)),
  STARTUPZ("/startupz", Kind.PROBE, get(Right.NONE)),
  METRICS("/metrics", Kind.SCRAPE, get(Right.NONE)),
  STATUS("/status", Kind.WORKER, get(Right.READ)),
  EXPLAIN("/explain", Kind.WORKER, get(Right.READ)),
  EVENTS("/events", Kind.STREAM, get(Right.READ)),
  THREADS("/threads", Kind.WORKER, get(Right.ADMIN), Side.HOST),
  FREEZE(
      "/freeze",
      Kind.WORKER,
      Map.of(Verb.GET, Right.READ, Verb.PUT, Right.OPERATE, Verb.DELETE, Right.OPERATE)),
  TASK("/task", Kind.WORKER, post(Right.OPERATE)),
  OPERATIONS("/operations/", Kind.WORKER, Map.of(Verb.GET, Right.READ, Verb.POST, Right.OPERATE)),
  TIMELINE("/timeline", Kind.WORKER, get(Right.READ)),
  // Lines and dumps of a role may have what only those who operate it should see.
  LOG("/log", Kind.WORKER, get(Right.OPERATE)),
  INCIDENTS("/incidents", Kind.WORKER, get(Right.OPERATE)),
  INCIDENT("/incidents/", Kind.WORKER, get(Right.OPERATE)),
  RECYCLE("/recycle", Kind.COMMAND, post(Right.OPERATE), Side.HOST),
  RESTART("/restart", Kind.WORKER, post(Right.OPERATE), Side.NODE),
  STOP("/stop", Kind.COMMAND, post(Right.ADMIN)),
  // A browser can show a token only once it has the page, which tells nothing to who may not look.
  PAGE("/", Kind.WORKER, get(Right.NONE)),
  PAGE_FILE("/page/", Kind.WORKER, get(Right.NONE));

  /** Whose plane it is. */
  enum Side {
    HOST,
    NODE;

    static Side of(Managed managed) {
      return switch (managed) {
        case HostView _ -> HOST;
        case NodeView _ -> NODE;
      };
    }
  }

  /** A method that some route knows. HEAD is looked up as GET. */
  enum Verb {
    GET,
    PUT,
    POST,
    DELETE;

    /** Returns whether it may change something. */
    boolean writes() {
      return this != GET;
    }
  }

  /** How a route is answered. */
  enum Kind {
    /** On the plane's own thread, and for whoever asks by whatever name. */
    PROBE,
    /** As a probe, but on a worker: a user's gauge may take its time. */
    SCRAPE,
    /** On a worker. */
    WORKER,
    /** On the plane's own thread, so that it gets through when the workers are stuck. */
    COMMAND,
    /** Never ends. */
    STREAM
  }

  private static final List<Route> ALL = List.of(values());
  private static final Map<Route, String> ALLOW = new EnumMap<>(Route.class);

  static {
    for (Route route : values()) {
      StringBuilder allow = new StringBuilder();
      for (Verb verb : route.needs.keySet()) {
        allow.append(allow.isEmpty() ? "" : ", ").append(verb);
        if (verb == Verb.GET) {
          allow.append(", HEAD");
        }
      }
      ALLOW.put(route, allow.toString());
    }
  }

  private final String path;
  private final Kind kind;

  // Collections that can't be changed, which the type can't say.
  @SuppressWarnings("ImmutableEnumChecker")
  private final Map<Verb, Right> needs;

  @SuppressWarnings("ImmutableEnumChecker")
  private final Set<Side> sides;

  /**
   * Makes a route.
   *
   * @param needs which methods it takes, and the right that each needs
   * @param sides on which planes; none named = on all
   */
  Route(String path, Kind kind, Map<Verb, Right> needs, Side... sides) {
    this.path = path;
    this.kind = kind;
    this.needs = Collections.unmodifiableMap(new EnumMap<>(needs));
    this.sides = Set.of(sides.length == 0 ? Side.values() : sides);
  }

  private static Map<Verb, Right> get(Right right) {
    return Map.of(Verb.GET, right);
  }

  private static Map<Verb, Right> post(Right right) {
    return Map.of(Verb.POST, right);
  }

  /** Returns the route of a path, if that side has it. */
  static Optional<Route> at(String path, Side side) {
    for (Route route : ALL) {
      if (route.has(path) && route.isOn(side)) {
        return Optional.of(route);
      }
    }
    return Optional.empty();
  }

  /** A path that ends with a slash has a name behind it, apart from that of the page. */
  private boolean has(String asked) {
    return (this != PAGE && path.endsWith("/"))
        ? asked.startsWith(path) && asked.length() > path.length()
        : asked.equals(path);
  }

  /** Returns what stands behind the path of this route. */
  String rest(String asked) {
    return asked.substring(path.length());
  }

  String path() {
    return path;
  }

  Kind kind() {
    return kind;
  }

  /** Returns whether any {@code Host} will do, none included. */
  boolean anyHost() {
    return kind == Kind.PROBE || kind == Kind.SCRAPE;
  }

  /** Returns the verb of a method's name, if this route takes it. */
  Optional<Verb> verb(String method) {
    String name = method.equals("HEAD") ? "GET" : method;
    for (Verb verb : needs.keySet()) {
      if (verb.name().equals(name)) {
        return Optional.of(verb);
      }
    }
    return Optional.empty();
  }

  /** Returns what somebody must be allowed to for a verb that this route takes. */
  Right needs(Verb verb) {
    return needs.getOrDefault(verb, Right.ADMIN);
  }

  /** Returns the verbs it takes. */
  Set<Verb> verbs() {
    return needs.keySet();
  }

  /** Returns whether that side has it. */
  boolean isOn(Side side) {
    return sides.contains(side);
  }

  /** Returns the value of the {@code Allow} header. */
  String allow() {
    return ALLOW.getOrDefault(this, "");
  }
}
