package io.rolehost.runtime.management;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.rolehost.runtime.management.RequestRules.Decision;
import io.rolehost.runtime.management.Route.Side;
import io.rolehost.runtime.management.Route.Verb;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may do what: every route and method by every token, by this table and no other. */
final class RightsTest {

  private static final Map<String, Right> TABLE =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("GET /livez", Right.NONE),
              Map.entry("GET /readyz", Right.NONE),
              Map.entry("GET /startupz", Right.NONE),
              Map.entry("GET /metrics", Right.NONE),
              Map.entry("GET /status", Right.READ),
              Map.entry("GET /explain", Right.READ),
              Map.entry("GET /events", Right.READ),
              Map.entry("GET /freeze", Right.READ),
              Map.entry("GET /operations/", Right.READ),
              Map.entry("GET /", Right.NONE),
              Map.entry("GET /page/", Right.NONE),
              Map.entry("GET /timeline", Right.READ),
              Map.entry("GET /log", Right.OPERATE),
              Map.entry("GET /incidents", Right.OPERATE),
              Map.entry("GET /incidents/", Right.OPERATE),
              Map.entry("PUT /freeze", Right.OPERATE),
              Map.entry("DELETE /freeze", Right.OPERATE),
              Map.entry("POST /task", Right.OPERATE),
              Map.entry("POST /operations/", Right.OPERATE),
              Map.entry("POST /recycle", Right.OPERATE),
              Map.entry("POST /restart", Right.OPERATE),
              Map.entry("POST /stop", Right.ADMIN),
              Map.entry("GET /threads", Right.ADMIN)));

  /** By the token that is shown. */
  private static final Map<String, Right> SHOWN =
      Map.of(
          "-", Right.NONE,
          "wrong", Right.NONE,
          "r3ad", Right.READ,
          "op3rate", Right.OPERATE,
          "adm1n", Right.ADMIN);

  @Test
  void table_ofAllRoutes_isThisOne() {
    Map<String, Right> found = new TreeMap<>();
    for (Route route : Route.values()) {
      for (Verb verb : route.verbs()) {
        found.put(verb + " " + route.path(), route.needs(verb));
      }
    }
    assertEquals(TABLE, found);
  }

  @Test
  void writing_onAnyRoute_needsMoreThanLooking() {
    TABLE.forEach((asked, right) -> {
      if (!asked.startsWith("GET ")) {
        assertTrue(right.includes(Right.OPERATE), asked);
      }
    });
  }

  @Test
  void everyRoute_byEveryToken_isAllowedByTheTableAlone() {
    ManagementTokens all =
        new ManagementTokens(Optional.of("r3ad"), Optional.of("op3rate"), "adm1n");
    ManagementTokens freeReading =
        new ManagementTokens(Optional.empty(), Optional.of("op3rate"), "adm1n");
    for (Side side : Side.values()) {
      for (Route route : Route.values()) {
        if (route.isOn(side)) {
          for (Verb verb : route.verbs()) {
            SHOWN.forEach((token, right) -> {
              check(all, side, route, verb, token, right);
              check(
                  freeReading, side, route, verb, token, right == Right.READ ? Right.NONE : right);
            });
          }
        }
      }
    }
  }

  private static void check(
      ManagementTokens tokens, Side side, Route route, Verb verb, String token, Right right) {
    Right needed = TABLE.getOrDefault(verb + " " + route.path(), Right.ADMIN);
    boolean allowed =
        right.compareTo(needed) >= 0 || (needed == Right.READ && tokens.read().isEmpty());
    int expected = allowed ? 200 : right == Right.NONE ? 401 : 403;
    boolean named = route != Route.PAGE && route.path().endsWith("/");
    String path = route.path() + (named ? "jobs" : "");
    Request request =
        token.equals("-")
            ? request(verb, path)
            : request(verb, path, "Authorization", "Bearer " + token);
    Decision decision = new RequestRules(List.of(), tokens, side).decide(request);
    String about = verb + " " + path + " on " + side + " by " + token;
    assertEquals(expected, status(decision), about);
    if (decision instanceof Decision.Serve serve) {
      boolean reads = right != Right.NONE || tokens.read().isEmpty();
      assertEquals(reads, serve.mayRead(), about);
    }
    if (decision instanceof Decision.Refuse(var answer, var attempt)) {
      assertTrue(answer.body().contains("needs the right '" + needed.text() + "'"), answer.body());
      assertEquals(Optional.of(new Decision.Attempt(route, verb, right)), attempt, about);
    }
  }

  @Test
  void token_withoutValue_isNobodys() {
    ManagementTokens none = new ManagementTokens(Optional.of(" "), Optional.of(""), " ");
    for (String header : List.of("Bearer ", "Bearer", "", "Basic eA==", "Bearer  ")) {
      assertEquals(
          new ManagementTokens.Shown(Right.NONE, true, false), none.shown(List.of(header)), header);
    }
  }

  @Test
  void tokens_asText_areNotShown() {
    String text =
        new ManagementTokens(Optional.of("r3ad"), Optional.of("op3rate"), "adm1n").toString();
    assertEquals("ManagementTokens[read set, operate set]", text);
  }

  @Test
  void secretFile_byItsMode_isSaidToBeOpen(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("token"), "t");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    assertEquals(Optional.empty(), SecretFile.openToOthers(file));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertEquals(
        Optional.of(
            file
                + " holds a secret, and every user of this machine can read it (mode rw-r--r--):"
                + " chmod 600 "
                + file),
        SecretFile.openToOthers(file));
    assertEquals(Optional.empty(), SecretFile.openToOthers(folder.resolve("missing")));
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /stop, Sec-Fetch-Site, cross-site, 403",
    "POST, /stop, Sec-Fetch-Site, same-site, 403",
    "POST, /stop, Sec-Fetch-Site, same-origin, 200",
    "POST, /stop, Sec-Fetch-Site, none, 200",
    "POST, /stop, Origin, http://evil.example, 403",
    "POST, /stop, Origin, null, 403",
    "POST, /stop, Origin, http://localhost:8081, 200",
    "POST, /stop, Origin, https://localhost:8081, 200",
    "POST, /stop, Origin, http://localhost:8082, 403",
    "POST, /stop, Origin, http://localhost, 403",
    "POST, /stop, Origin, http://localhost:8081/, 403",
    "DELETE, /freeze, Origin, http://evil.example, 403",
    "PUT, /freeze, Content-Type, text/plain;charset=UTF-8, 415",
    "PUT, /freeze, Content-Type, multipart/form-data; boundary=x, 415",
    // What curl says of a body, with a header that no form can send.
    "PUT, /freeze, Content-Type, application/x-www-form-urlencoded, 200",
    "PUT, /freeze, Content-Type, application/json, 200",
    "GET, /status, Origin, http://evil.example, 200"
  })
  void request_ofABrowser_mayWriteOnlyFromThisPlanesOwnPage(
      Verb verb, String path, String header, String value, int status) {
    RequestRules rules = new RequestRules(List.of(), ManagementTokens.one("adm1n"), Side.HOST);
    Request withToken = request(verb, path, "Authorization", "Bearer adm1n", header, value);
    assertEquals(status, status(rules.decide(withToken)));
    // Before the token is looked at, so that one answer does not tell whether a token was right.
    Request without = request(verb, path, header, value);
    boolean form = value.startsWith("application/x-www");
    assertEquals(
        status == 200 && verb.writes() ? (form ? 415 : 401) : status,
        status(rules.decide(without)));
  }

  @Test
  void caller_isBelievedOnlyFromTheTokenOfTheRunDirectory() {
    ManagementTokens tokens =
        new ManagementTokens(Optional.empty(), Optional.of("op3rate"), "adm1n", "ru9");
    RequestRules rules = new RequestRules(List.of(), tokens, Side.HOST);
    Optional<Caller> anna = Optional.of(new Caller(Right.OPERATE, "10.0.0.9"));
    assertEquals(anna, caller(rules, "ru9", "operate 10.0.0.9"));
    for (String token : List.of("adm1n", "op3rate")) {
      assertEquals(Optional.empty(), caller(rules, token, "operate 10.0.0.9"), token);
    }
    for (String odd : List.of("", "operate", "root 10.0.0.9", "OPERATE 10.0.0.9", "a".repeat(99))) {
      assertEquals(Optional.empty(), caller(rules, "ru9", odd), odd);
    }
    assertEquals(
        Optional.empty(), caller(rules, "ru9", "operate a", Caller.HEADER, "admin 10.0.0.9"));
  }

  private static Optional<Caller> caller(
      RequestRules rules, String token, String told, String... more) {
    String[] headers =
        Stream.concat(
                Stream.of("Authorization", "Bearer " + token, Caller.HEADER, told), Stream.of(more))
            .toArray(String[]::new);
    return rules.decide(request(Verb.POST, "/recycle", headers)) instanceof Decision.Serve serve
        ? serve.caller()
        : Optional.of(new Caller(Right.NONE, "was refused"));
  }

  @Test
  void authorization_twice_isRefusedEvenIfOneIsRight() {
    RequestRules rules = new RequestRules(List.of(), ManagementTokens.one("adm1n"), Side.HOST);
    Request twice =
        request(Verb.POST, "/stop", "Authorization", "Bearer adm1n", "Authorization", "Bearer x");
    assertEquals(400, status(rules.decide(twice)));
  }

  @Test
  void token_inTheTarget_isNotLookedAt() {
    RequestRules rules = new RequestRules(List.of(), ManagementTokens.one("adm1n"), Side.HOST);
    for (String query :
        List.of("token=adm1n", "access_token=adm1n", "Authorization=Bearer+adm1n")) {
      assertEquals(401, status(rules.decide(request(Verb.POST, "/stop?" + query))));
    }
  }

  @Test
  void everyAnswer_tellsBrowsersToBeCareful_andAllowsNoOtherSite() {
    for (Answer answer : List.of(Answer.OK, Answer.problem(401, "x"), Answer.json(200, Map.of()))) {
      String head = Wire.of(answer, true, true).toString(UTF_8);
      for (String line :
          List.of(
              "X-Content-Type-Options: nosniff",
              "X-Frame-Options: DENY",
              "Referrer-Policy: no-referrer",
              "Cross-Origin-Resource-Policy: same-origin",
              "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'",
              "Cache-Control: no-store")) {
        assertTrue(head.contains("\r\n" + line + "\r\n"), head);
      }
      assertFalse(head.contains("Access-Control-"), head);
    }
    String own =
        Wire.of(Answer.OK.with("Content-Security-Policy", "script-src 'self'"), true, true)
            .toString(UTF_8);
    assertFalse(own.contains("default-src"), own);
  }

  private static Request request(Verb verb, String target, String... headers) {
    HttpRequest request =
        new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.valueOf(verb.name()), target);
    request.headers().set("Host", "localhost:8081");
    for (int i = 0; i < headers.length; i += 2) {
      request.headers().add(headers[i], headers[i + 1]);
    }
    return Requests.of(request);
  }

  private static int status(Decision decision) {
    return switch (decision) {
      case Decision.Refuse(var answer, _) -> answer.status();
      case Decision.Serve _ -> 200;
    };
  }
}
