package com.microsoft.windowsazure.serviceruntime;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A runtime in memory: paths are names, and what is written to it can be looked at. */
final class FakeRuntime implements RuntimeClient.Channels {
  static final String ENDPOINT = "/runtime";

  final BlockingQueue<String> said = new LinkedBlockingQueue<>();
  private final Map<String, String> documents = new ConcurrentHashMap<>();
  private final List<PipedOutputStream> streams = new ArrayList<>();
  private final BlockingQueue<String> waiting = new LinkedBlockingQueue<>();
  private volatile boolean there = true;
  private final AtomicInteger emptyDiscoveries = new AtomicInteger();

  RuntimeClient client() {
    return new RuntimeClient(ENDPOINT, this, 20_000);
  }

  void isThere(boolean is) {
    there = is;
  }

  void emptyDiscoveries(int count) {
    emptyDiscoveries.set(count);
  }

  /** Tells a goal state with these settings and roles. */
  synchronized void start(int incarnation, Map<String, String> settings, String... roles)
      throws IOException {
    StringBuilder xml = new StringBuilder();
    xml.append("<RoleEnvironment><Deployment id='d' emulated='false'/>")
        .append("<CurrentInstance id='a_IN_0' roleName='a' faultDomain='0' updateDomain='1'>")
        .append("<ConfigurationSettings>");
    new TreeMap<>(settings)
        .forEach((name, value) ->
            xml.append("<ConfigurationSetting name='" + name + "' value='" + value + "'/>"));
    xml.append("</ConfigurationSettings></CurrentInstance><Roles>");
    for (String role : roles) {
      xml.append(role);
    }
    documents.put("/env" + incarnation, xml.append("</Roles></RoleEnvironment>").toString());
    frame(goal(incarnation, "Started", "9999-12-31T23:59:59.9999999"));
  }

  void stop(int incarnation) throws IOException {
    frame(goal(incarnation, "Stopped", "2027-03-31T00:00:00Z"));
  }

  private static String goal(int incarnation, String expected, String deadline) {
    return "<GoalState><Incarnation>"
        + incarnation
        + "</Incarnation><ExpectedState>"
        + expected
        + "</ExpectedState><RoleEnvironmentPath>/env"
        + incarnation
        + "</RoleEnvironmentPath><CurrentStateEndpoint>/state</CurrentStateEndpoint><Deadline>"
        + deadline
        + "</Deadline></GoalState>";
  }

  private synchronized void frame(String document) throws IOException {
    byte[] bytes = document.getBytes(UTF_8);
    String frame = Integer.toHexString(bytes.length) + "\r\n" + document + "\r\n";
    waiting.add(frame);
    for (PipedOutputStream stream : streams) {
      stream.write(frame.getBytes(UTF_8));
      stream.flush();
    }
  }

  /** Ends the stream of goal states, as a runtime does that ends or drops a client. */
  synchronized void breakOff() throws IOException {
    for (PipedOutputStream stream : streams) {
      stream.close();
    }
    streams.clear();
    String last = "";
    while (!waiting.isEmpty()) {
      last = waiting.remove();
    }
    waiting.add(last);
  }

  /** Waits for what was written next, in short: a status, or {@code Release}. */
  String nextSaid() throws InterruptedException {
    String document = said.poll(30, TimeUnit.SECONDS);
    return document == null ? "nothing" : document;
  }

  @Override
  public InputStream read(String path) throws IOException {
    if (!there) {
      throw new FileNotFoundException(path + " (No such file or directory)");
    }
    if (path.equals(ENDPOINT)) {
      if (emptyDiscoveries.getAndDecrement() > 0) {
        return new ByteArrayInputStream(new byte[0]);
      }
      return bytes(
          "<RuntimeServerDiscovery><RuntimeServerEndpoints><RuntimeServerEndpoint version='1'"
              + " path='/old'/><RuntimeServerEndpoint version='2011-03-08' path='/goals'/>"
              + "</RuntimeServerEndpoints></RuntimeServerDiscovery>");
    }
    if (path.equals("/goals")) {
      return goals();
    }
    String document = documents.get(path);
    if (document == null) {
      throw new FileNotFoundException(path);
    }
    return bytes(document);
  }

  private synchronized InputStream goals() throws IOException {
    PipedInputStream in = new PipedInputStream(1 << 20);
    PipedOutputStream out = new PipedOutputStream(in);
    for (String frame : waiting) {
      out.write(frame.getBytes(UTF_8));
    }
    out.flush();
    streams.add(out);
    return in;
  }

  private static InputStream bytes(String text) {
    return new ByteArrayInputStream(text.getBytes(UTF_8));
  }

  @Override
  public OutputStream write(String path) throws IOException {
    if (!path.equals("/state")) {
      throw new FileNotFoundException(path);
    }
    return new ByteArrayOutputStream() {
      @Override
      public void close() {
        String document = toString(UTF_8);
        said.add(
            document.contains("<Release/>")
                ? "Release"
                : document.replaceAll(
                    ".*<Incarnation>(.*)</Incarnation><Status>(.*)</Status>.*"
                        + "<Expiration>(.*)</Expiration>.*",
                    "$2 at $1 until $3"));
      }
    };
  }
}
