package io.rolehost.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValueFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** One page of a real browser, driven by its DevTools protocol; for one thread. */
final class Browser implements AutoCloseable {

  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  private static final long PATIENCE_SECONDS = 60;

  private final Process process;
  private final HttpClient client = HttpClient.newHttpClient();
  private final AtomicInteger calls = new AtomicInteger();
  private final Map<Integer, CompletableFuture<Config>> answers = new ConcurrentHashMap<>();
  private final List<String> complaints = new CopyOnWriteArrayList<>();
  private final WebSocket page;

  /** Starts it with a profile of its own. */
  Browser(Path profile) throws Exception {
    assumeTrue(Files.isExecutable(CHROMIUM), "Chromium is not installed here");
    ProcessBuilder chromium =
        new ProcessBuilder(
                CHROMIUM.toString(),
                "--headless",
                "--hide-scrollbars",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-breakpad",
                "--disable-sync",
                "--user-data-dir=" + profile,
                "--remote-debugging-port=0",
                "about:blank")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    // Else it leaves a folder of sockets behind.
    chromium.environment().put("TMPDIR", Files.createDirectories(profile).toString());
    process = chromium.start();
    try {
      page = connect(port(profile.resolve("DevToolsActivePort")));
      for (String domain : List.of("Page", "Log", "Runtime")) {
        Config _ = call(domain + ".enable", Map.of());
      }
    } catch (Exception e) {
      close();
      throw e;
    }
  }

  private int port(Path file) throws Exception {
    for (long end = end(); System.nanoTime() < end; pause()) {
      assertTrue(process.isAlive(), "Chromium ended while it started");
      if (Files.exists(file) && Files.readString(file).contains("\n")) {
        return Integer.parseInt(Files.readAllLines(file).getFirst());
      }
    }
    throw new AssertionError("Chromium does not say its port");
  }

  private WebSocket connect(int port) throws Exception {
    HttpRequest newPage =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json/new?about:blank"))
            .PUT(HttpRequest.BodyPublishers.noBody())
            .build();
    String address =
        ConfigFactory.parseString(client.send(newPage, HttpResponse.BodyHandlers.ofString()).body())
            .getString("webSocketDebuggerUrl");
    return client
        .newWebSocketBuilder()
        .buildAsync(URI.create(address), new Messages())
        .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private final class Messages implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        heard(ConfigFactory.parseString(text.toString()));
        text.setLength(0);
      }
      socket.request(1);
      return CompletableFuture.completedStage(null);
    }
  }

  private void heard(Config message) {
    if (message.hasPath("id")) {
      CompletableFuture<Config> answer = answers.remove(message.getInt("id"));
      if (answer != null) {
        boolean _ = answer.complete(message);
      }
      return;
    }
    boolean complaint =
        switch (message.getString("method")) {
          case "Runtime.exceptionThrown" -> true;
          case "Runtime.consoleAPICalled" ->
              List.of("error", "warning").contains(message.getString("params.type"));
          case "Log.entryAdded" ->
              List.of("error", "warning").contains(message.getString("params.entry.level"));
          default -> false;
        };
    if (complaint) {
      complaints.add(message.getConfig("params").root().render(ConfigRenderOptions.concise()));
    }
  }

  private Config call(String method, Map<String, ?> parameters) throws Exception {
    int id = calls.incrementAndGet();
    CompletableFuture<Config> answer = new CompletableFuture<>();
    answers.put(id, answer);
    String text =
        ConfigValueFactory.fromMap(Map.of("id", id, "method", method, "params", parameters))
            .render(ConfigRenderOptions.concise());
    WebSocket _ = page.sendText(text, true).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  void open(String address) throws Exception {
    Config answer = call("Page.navigate", Map.of("url", address));
    assertTrue(!answer.hasPath("result.errorText"), answer.toString());
  }

  /** Waits until a script's value is true. */
  void await(String script) throws Exception {
    Config answer = ConfigFactory.empty();
    for (long end = end(); System.nanoTime() < end; pause()) {
      answer = call("Runtime.evaluate", Map.of("expression", script));
      if (answer.hasPath("result.result.value")
          && answer.getAnyRef("result.result.value").equals(true)) {
        return;
      }
    }
    throw new AssertionError("never true: " + script + ", last " + answer + ", " + text());
  }

  /** Returns what a person reads on the page. */
  String text() throws Exception {
    return call("Runtime.evaluate", Map.of("expression", "document.body.innerText"))
        .getString("result.result.value");
  }

  /** Returns what a script comes to; a promise is waited for. */
  Object value(String script) throws Exception {
    Config answer =
        call(
            "Runtime.evaluate",
            Map.of("expression", script, "awaitPromise", true, "returnByValue", true));
    if (answer.hasPath("result.exceptionDetails")) {
      throw new AssertionError(script + " failed: " + answer);
    }
    return answer.hasPath("result.result.value") ? answer.getAnyRef("result.result.value") : "";
  }

  /** Presses keys, as {@code Tab}, {@code Enter}, {@code Escape} or {@code Space}. */
  void press(String... keys) throws Exception {
    for (String key : keys) {
      int code =
          switch (key) {
            case "Tab" -> 9;
            case "Enter" -> 13;
            case "Escape" -> 27;
            default -> 32;
          };
      Map<String, Object> down = new HashMap<>();
      down.put("type", code == 9 || code == 27 ? "rawKeyDown" : "keyDown");
      down.put("key", code == 32 ? " " : key);
      down.put("code", key);
      down.put("windowsVirtualKeyCode", code);
      if (code == 13 || code == 32) {
        down.put("text", code == 13 ? "\r" : " ");
      }
      Config _ = call("Input.dispatchKeyEvent", down);
      Config _ =
          call(
              "Input.dispatchKeyEvent",
              Map.of(
                  "type",
                  "keyUp",
                  "key",
                  code == 32 ? " " : key,
                  "code",
                  key,
                  "windowsVirtualKeyCode",
                  code));
    }
  }

  /** Presses Tab until what has the focus fits a selector. */
  void tabTo(String selector) throws Exception {
    for (int i = 0; i < 80; i++) {
      if (value("document.activeElement?.matches(" + quoted(selector) + ")").equals(true)) {
        return;
      }
      press("Tab");
    }
    throw new AssertionError("Tab does not come to " + selector + "; " + text());
  }

  /** Types into what has the focus. */
  void type(String text) throws Exception {
    Config _ = call("Input.insertText", Map.of("text", text));
  }

  /** Clicks with a mouse in the middle of an element. */
  void click(String selector) throws Exception {
    await("document.querySelector(" + quoted(selector) + ") !== null");
    Object at =
        value(
            "(() => { const one = document.querySelector("
                + quoted(selector)
                + "); one.scrollIntoView({block: 'center'}); const box ="
                + " one.getClientRects()[0]; return (box.left + box.width / 2) + ' ' +"
                + " (box.top + box.height / 2); })()");
    String[] place = at.toString().split(" ", 2);
    for (String type : List.of("mousePressed", "mouseReleased")) {
      Config _ =
          call(
              "Input.dispatchMouseEvent",
              Map.of(
                  "type",
                  type,
                  "x",
                  Double.parseDouble(place[0]),
                  "y",
                  Double.parseDouble(place[1]),
                  "button",
                  "left",
                  "clickCount",
                  1));
    }
  }

  /** Has each page to come run a script before all of its own. */
  void first(String script) throws Exception {
    Config _ = call("Page.addScriptToEvaluateOnNewDocument", Map.of("source", script));
  }

  /** Has pages run no script, as for a person who does without; what tests evaluate still runs. */
  void withoutScripts(boolean without) throws Exception {
    Config _ = call("Emulation.setScriptExecutionDisabled", Map.of("value", without));
  }

  /** Makes the window so wide, in the colours that a system may ask for. */
  void look(int width, boolean dark) throws Exception {
    Config _ =
        call(
            "Emulation.setDeviceMetricsOverride",
            Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", false));
    Config _ =
        call(
            "Emulation.setEmulatedMedia",
            Map.of(
                "features",
                List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
  }

  /** Takes a picture of the whole page. */
  void picture(Path file) throws Exception {
    Config answer =
        call("Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true));
    Files.write(file, Base64.getDecoder().decode(answer.getString("result.data")));
  }

  /** Returns a script's text for a value. */
  static String quoted(String text) {
    return ConfigUtil.quoteString(text);
  }

  /** Returns the errors and warnings of the console, those of the content policy too. */
  List<String> complaints() {
    return List.copyOf(complaints);
  }

  /** Begins anew with none. */
  void forget() {
    complaints.clear();
  }

  private static long end() {
    return System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
  }

  private static void pause() throws InterruptedException {
    assertTrue(!new CountDownLatch(1).await(50, TimeUnit.MILLISECONDS));
  }

  @Override
  public void close() {
    client.shutdownNow();
    List<ProcessHandle> helpers = process.descendants().toList();
    process.destroy();
    // It writes to its profile to the end, and the folder is removed next.
    var _ =
        process
            .onExit()
            .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
            .exceptionally(_ -> process.destroyForcibly())
            .join();
    helpers.forEach(ProcessHandle::destroyForcibly);
  }
}
