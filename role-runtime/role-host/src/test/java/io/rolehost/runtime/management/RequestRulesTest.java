package io.rolehost.runtime.management;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.rolehost.runtime.management.IdleOrder.Rank;
import io.rolehost.runtime.management.RequestRules.Decision;
import io.rolehost.runtime.management.Route.Verb;
import io.rolehost.runtime.readiness.Verdict;
import io.rolehost.runtime.readiness.Verdict.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RequestRulesTest {

  private final RequestRules rules =
      new RequestRules(List.of("Photos.example"), ManagementTokens.one("s3cret"), Route.Side.HOST);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "LOCALHOST:8081",
        "localhost.",
        "127.0.0.1",
        "10.0.0.7:8081",
        "[::1]",
        "[::1]:8081",
        "::1",
        "photos.EXAMPLE:80",
        "photos.example:"
      })
  void host_addressOrAllowedName_isAnswered(String host) {
    assertTrue(rules.mayBeCalled(host));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "127.0.0.1:80@evil.example",
        "localhost:x",
        "[::1",
        "[evil]",
        "[::1]x",
        "1.2.3",
        "photos.example:80:80"
      })
  void host_anyOther_isRefused(String host) {
    assertFalse(rules.mayBeCalled(host));
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /livez, evil.example, , 200",
    "HEAD, /readyz, , , 200",
    "GET, /metrics, evil.example, , 200",
    "GET, /status, evil.example, , 421",
    "GET, /status, , , 400",
    "GET, /status, 127.0.0.1, , 200",
    "GET, /, localhost, , 200",
    "GET, /nothing, localhost, , 404",
    "GET, /nothing, evil.example, , 421",
    "GET, /livez/, localhost, , 404",
    "POST, /livez, localhost, , 405",
    "GET, /stop, localhost, , 405",
    "POST, /stop, localhost, , 401",
    "POST, /stop, localhost, Bearer s3cret, 200",
    "POST, /stop, localhost, bearer  s3cret , 200",
    "POST, /stop, localhost, Bearer s3cre, 401",
    "POST, /stop, localhost, Basic s3cret, 401",
    "POST, /stop, evil.example, Bearer s3cret, 421",
    "GET, /operations/jobs, localhost, , 200",
    "GET, /operations/, localhost, , 404",
    "GET, /operations, localhost, , 404",
    "POST, /operations/jobs, localhost, , 401",
    "PUT, /operations/jobs, localhost, Bearer s3cret, 405",
    "GET, /freeze, localhost, , 200",
    "PUT, /freeze, localhost, , 401",
    "DELETE, /freeze, localhost, Bearer s3cret, 200",
    "GET, /threads, localhost, , 401",
    "HEAD, /threads, localhost, , 401",
    "GET, http://localhost:8081/status, evil.example, , 200",
    "GET, http://evil.example/status, localhost, , 421",
  })
  void request_byRule_isServedOrRefused(
      String method,
      String target,
      @Nullable String host,
      @Nullable String authorization,
      int status) {
    assertEquals(status, status(rules, request(method, target, host, authorization)));
  }

  @Test
  void token_blank_letsNobodyIn() {
    RequestRules without = new RequestRules(List.of(), ManagementTokens.one(" "), Route.Side.HOST);
    assertEquals(401, status(without, request("POST", "/stop", "localhost", "Bearer ")));
    assertEquals(401, status(without, request("POST", "/stop", "localhost", null)));
  }

  @Test
  void host_twice_isRefusedEvenOnAProbe() {
    HttpRequest twice = request("GET", "/livez", "localhost", null);
    twice.headers().add("Host", "localhost");
    assertEquals(400, status(rules, twice));
  }

  @Test
  void allow_ofFreeze_namesEveryMethod() {
    assertEquals("GET, HEAD, PUT, DELETE", Route.FREEZE.allow());
    assertEquals(Optional.of(Verb.GET), Route.FREEZE.verb("HEAD"));
    assertEquals(Optional.empty(), Route.FREEZE.verb("get"));
  }

  @Test
  void paths_ofOneSide_areNotThereOnTheOther() {
    RequestRules node =
        new RequestRules(List.of(), ManagementTokens.one("s3cret"), Route.Side.NODE);
    Request restart = Requests.of(request("POST", "/restart", "localhost", "Bearer s3cret"));
    assertEquals(
        new Decision.Serve(Route.RESTART, Verb.POST, Right.ADMIN, true, Optional.empty()),
        node.decide(restart));
    assertEquals(404, refused(rules.decide(restart)));
    for (Route ofHost : List.of(Route.THREADS, Route.RECYCLE)) {
      String method = ofHost == Route.THREADS ? "GET" : "POST";
      Request asked = Requests.of(request(method, ofHost.path(), "localhost", "Bearer s3cret"));
      assertEquals(
          new Decision.Serve(ofHost, Verb.valueOf(method), Right.ADMIN, true, Optional.empty()),
          rules.decide(asked));
      assertEquals(404, refused(node.decide(asked)));
    }
    for (String ofBoth : List.of("/task", "/operations/jobs")) {
      Request asked = Requests.of(request("POST", ofBoth, "localhost", "Bearer s3cret"));
      assertEquals(rules.decide(asked), node.decide(asked));
      assertEquals(200, refused(node.decide(asked)));
    }
  }

  private static int refused(Decision decision) {
    return switch (decision) {
      case Decision.Refuse(var answer, _) -> answer.status();
      case Decision.Serve _ -> 200;
    };
  }

  @Test
  void probe_ofANode_showsEachInstance() {
    Verdict verdict =
        new Verdict(
            true, List.of(new Reason(true, "web_IN_0", ""), new Reason(true, "web_IN_1", "")));
    Request plain = Requests.of(request("GET", "/readyz", "a", null));
    assertEquals(
        Answer.text(200, "[+]web_IN_0 ok\n[+]web_IN_1 ok\nreadyz check passed\n"),
        ProbeText.readyz(verdict, plain, true));
  }

  @Test
  void probe_severalReasons_showsTheFailingAlwaysAndAllWhenVerbose() {
    Verdict verdict =
        new Verdict(
            false,
            List.of(new Reason(false, "check", "db: refused\nagain"), new Reason(true, "x", "")));
    Request plain = Requests.of(request("GET", "/readyz", "a", null));
    Request verbose = Requests.of(request("GET", "/readyz?verbose", "a", null));
    assertEquals(
        Answer.text(503, "[-]check db: refused again\nreadyz check failed\n"),
        ProbeText.readyz(verdict, plain, false));
    assertEquals(
        Answer.text(503, "[-]check db: refused again\n[+]x ok\nreadyz check failed\n"),
        ProbeText.readyz(verdict, verbose, false));
    assertEquals(Answer.text(200, "ok\n"), ProbeText.readyz(RecordingHost.READY, plain, false));
    assertEquals(
        Answer.text(200, "[+]state ok: READY\nreadyz check passed\n"),
        ProbeText.readyz(RecordingHost.READY, verbose, false));
  }

  @Test
  void page_textFromOutside_isEscaped() {
    Map<String, Object> status =
        Map.of("instance", "<script>", "word", "\"><b>", "incarnation", "<i>");
    for (String page :
        List.of(
            Page.html(status, Map.of("lines", List.of("<img src=x onerror='a'>"))),
            Page.html(
                Map.of("node", Map.of("deployment", "<script>"), "instances", List.of(status))))) {
      String body = page.replaceAll("<script type=\"module\" src=\"/page/[a-z]+[.]js\">", "");
      assertFalse(body.contains("<script"), body);
      assertFalse(body.contains("<img"), body);
      assertFalse(body.contains("<b>"), body);
      assertFalse(body.contains("<i>"), body);
      assertTrue(body.contains("&lt;script&gt;"), body);
    }
  }

  @Test
  void page_ofMoreThanFitOnAScreen_hasAllOfThemInTheirOrder() {
    List<Map<String, Object>> instances =
        IntStream.range(0, 100)
            .mapToObj(i -> Map.<String, Object>of("instance", "<!--rows-->_" + i, "word", "ready"))
            .toList();
    String page = Page.html(Map.of("node", Map.of(), "instances", instances));
    assertEquals(
        instances.stream().map(one -> Page.escape(String.valueOf(one.get("instance")))).toList(),
        Pattern.compile("<th scope=\"row\">([^<]+)</th>")
            .matcher(page)
            .results()
            .map(row -> row.group(1))
            .toList());
    assertEquals(2, page.split("<table", -1).length - 1);
    String few = Page.html(Map.of("node", Map.of(), "instances", instances.subList(0, 40)));
    assertEquals(1, few.split("<table", -1).length - 1);
    assertFalse(few.contains("<!--"), few);
  }

  @Test
  void agentCheck_byVerdict_saysHaproxysWords() {
    Verdict stopping = new Verdict(false, List.of(new Reason(false, "stop", "stop asked")));
    assertEquals(
        List.of("up ready 100%\n", "maint\n", "drain\n"),
        List.of(
            AgentCheck.line(RecordingHost.READY),
            AgentCheck.line(RecordingHost.HELD),
            AgentCheck.line(stopping)));
  }

  @Test
  void idleOrder_pastTheLimit_givesWaitingOnesFirstAndEldestFirst() {
    IdleOrder<String> order = new IdleOrder<>();
    order.touch("busy", Rank.ANSWERING);
    order.touch("stream", Rank.STREAMING);
    order.touch("a", Rank.WAITING);
    order.touch("b", Rank.WAITING);
    order.touch("a", Rank.WAITING);
    List<String> gone = new ArrayList<>();
    for (Optional<String> next = order.idleLongest("new");
        next.isPresent();
        next = order.idleLongest("new")) {
      gone.add(next.get());
      order.remove(next.get());
    }
    assertEquals(List.of("b", "a", "stream", "busy"), gone);
  }

  private static int status(RequestRules rules, HttpRequest request) {
    return switch (rules.decide(Requests.of(request))) {
      case Decision.Refuse(var answer, _) -> answer.status();
      case Decision.Serve _ -> 200;
    };
  }

  private static HttpRequest request(
      String method, String target, @Nullable String host, @Nullable String authorization) {
    HttpRequest request =
        new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.valueOf(method), target);
    if (host != null) {
      request.headers().set("Host", host);
    }
    if (authorization != null) {
      request.headers().set("Authorization", authorization);
    }
    return request;
  }
}
