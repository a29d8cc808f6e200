package io.rolehost.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Speaks the protocol of Azure's runtime as its description says, with plain files and nothing of
 * ours. Prints the goal states; writes what lines say that it is sent.
 */
final class WireClient {
  private static final List<WireClient> CLIENTS = new ArrayList<>();

  private final int number;
  private final String id = UUID.randomUUID().toString();
  private volatile String goal = "";

  private WireClient(int number) {
    this.number = number;
  }

  /**
   * Runs until it is killed.
   *
   * @param args how many clients
   */
  public static void main(String[] args) throws Exception {
    for (int i = 0; i < Integer.parseInt(args[0]); i++) {
      WireClient client = new WireClient(i);
      CLIENTS.add(client);
      Thread.ofPlatform().daemon().start(client::read);
    }
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      System.out.println("control " + server.getLocalPort());
      while (true) {
        try (Socket socket = server.accept()) {
          String line =
              new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8)).readLine();
          new PrintStream(socket.getOutputStream(), true, UTF_8).println(answer(line));
        }
      }
    }
  }

  private static String answer(String line) throws IOException {
    String[] words = line.split(" ", 3);
    if (words[0].equals("environment")) {
      return Files.readString(Path.of(CLIENTS.getFirst().goal("RoleEnvironmentPath"))).strip();
    }
    if (words[0].equals("raw")) {
      CLIENTS.getFirst().write(line.substring(4));
      return "ok";
    }
    WireClient client = CLIENTS.get(Integer.parseInt(words[0]));
    String content =
        words[1].equals("Release")
            ? "<Release/>"
            : "<Acquire><Incarnation>"
                + client.goal("Incarnation")
                + "</Incarnation><Status>"
                + words[1]
                + "</Status><StatusDetail>"
                + words[1]
                + "</StatusDetail><Expiration>"
                + words[2]
                + "</Expiration></Acquire>";
    client.write(
        "<CurrentState><StatusLease ClientId=\""
            + client.id
            + "\">"
            + content
            + "</StatusLease></CurrentState>");
    return "ok";
  }

  private void write(String document) throws IOException {
    try (OutputStream out = new FileOutputStream(goal("CurrentStateEndpoint"))) {
      out.write(document.getBytes(UTF_8));
    }
  }

  private void read() {
    try {
      Matcher server =
          Pattern.compile("version=\"2011-03-08\" path=\"([^\"]+)\"").matcher(discovery());
      if (!server.find()) {
        throw new IOException("no server");
      }
      try (InputStream in = new FileInputStream(server.group(1))) {
        DataInputStream frames = new DataInputStream(in);
        while (true) {
          goal = frame(frames);
          System.out.println(
              number
                  + " goal "
                  + goal("Incarnation")
                  + " "
                  + goal("ExpectedState")
                  + " "
                  + goal("Deadline"));
        }
      }
    } catch (IOException e) {
      System.out.println(number + " ended: " + e);
    }
  }

  /** Who asks in the same instant as another may have to ask again. */
  private static String discovery() throws IOException {
    String document = "";
    while (document.isEmpty()) {
      try (InputStream in = new FileInputStream(System.getenv("WaRuntimeEndpoint"))) {
        document = new String(in.readAllBytes(), UTF_8);
      }
    }
    return document;
  }

  private static String frame(DataInputStream in) throws IOException {
    StringBuilder length = new StringBuilder();
    int read = in.readByte();
    while (read != '\n') {
      length.append((char) read);
      read = in.readByte();
    }
    byte[] document = new byte[Integer.parseInt(length.toString().strip(), 16)];
    in.readFully(document);
    read = in.readByte();
    while (read != '\n') {
      read = in.readByte();
    }
    return new String(document, UTF_8);
  }

  private String goal(String element) {
    Matcher found = Pattern.compile("<" + element + ">([^<]*)</" + element + ">").matcher(goal);
    return found.find() ? found.group(1) : "";
  }
}
