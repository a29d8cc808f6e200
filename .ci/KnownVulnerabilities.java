import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Asks the OSV database which components of a bill of materials have known vulnerabilities: java
 * KnownVulnerabilities.java SBOM ACCEPTED. Ends with 0 if none has one that is not accepted, 1 if
 * some has, 77 if the database can't be reached. OSV_URL names another server.
 */
final class KnownVulnerabilities {
  private static final int SKIPPED = 77;
  private static final int BATCH = 500;
  private static final Pattern PURL = Pattern.compile("\"purl\"\\s*:\\s*\"(pkg:maven/[^\"?]+)");
  private static final Pattern ID = Pattern.compile("\"id\"\\s*:\\s*\"([^\"]+)\"");

  public static void main(String[] args) throws IOException, InterruptedException {
    Set<String> components = new TreeSet<>();
    Matcher purls = PURL.matcher(Files.readString(Path.of(args[0])));
    while (purls.find()) {
      if (!purls.group(1).startsWith("pkg:maven/io.rolehost/")) {
        components.add(purls.group(1));
      }
    }
    if (components.isEmpty()) {
      System.out.println("There is no component in " + args[0]);
      System.exit(1);
    }
    // A line is an id, then the reason why it does not concern us.
    Set<String> accepted =
        Files.readAllLines(Path.of(args[1])).stream()
            .filter(line -> !line.isBlank() && !line.startsWith("#"))
            .map(line -> line.split("\\s", 2)[0])
            .collect(Collectors.toSet());
    List<String> all = List.copyOf(components);
    List<String> found = new ArrayList<>();
    try {
      for (int from = 0; from < all.size(); from += BATCH) {
        found.addAll(ask(all.subList(from, Math.min(all.size(), from + BATCH)), accepted));
      }
    } catch (IOException e) {
      System.out.println("the OSV database at " + base() + " can't be reached: " + e);
      System.exit(SKIPPED);
    }
    found.forEach(System.out::println);
    System.out.println(all.size() + " components, " + found.size() + " with vulnerabilities");
    System.exit(found.isEmpty() ? 0 : 1);
  }

  private static String base() {
    return System.getenv().getOrDefault("OSV_URL", "https://api.osv.dev");
  }

  private static List<String> ask(List<String> components, Set<String> accepted)
      throws IOException, InterruptedException {
    String queries =
        components.stream()
            .map(purl -> "{\"package\":{\"purl\":\"" + purl + "\"}}")
            .collect(Collectors.joining(",", "{\"queries\":[", "]}"));
    HttpResponse<String> answer =
        HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(10))
            .build()
            .send(
                HttpRequest.newBuilder(URI.create(base() + "/v1/querybatch"))
                    .timeout(Duration.ofSeconds(60))
                    .POST(HttpRequest.BodyPublishers.ofString(queries))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() / 100 == 4 && answer.statusCode() != 429) {
      // It is there and does not understand: to leave it out would be for ever.
      System.out.println("The OSV database refuses the question: " + answer.body());
      System.exit(1);
    }
    List<String> results = results(answer.body());
    if (answer.statusCode() != 200 || results.size() != components.size()) {
      throw new IOException("status " + answer.statusCode() + ", " + results.size() + " results");
    }
    List<String> found = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      Set<String> ids = new TreeSet<>();
      Matcher id = ID.matcher(results.get(i));
      while (id.find()) {
        if (!accepted.contains(id.group(1))) {
          ids.add(id.group(1));
        }
      }
      if (!ids.isEmpty()) {
        found.add(components.get(i) + ": " + String.join(", ", ids));
      }
    }
    return found;
  }

  /** Returns the objects in the array of results, one for each question. */
  private static List<String> results(String json) {
    List<String> objects = new ArrayList<>();
    int depth = 0;
    int begun = 0;
    boolean inText = false;
    for (int i = Math.max(0, json.indexOf('[')); i < json.length(); i++) {
      char c = json.charAt(i);
      if (inText) {
        if (c == '\\') {
          i++;
        } else if (c == '"') {
          inText = false;
        }
      } else if (c == '"') {
        inText = true;
      } else if (c == '{' && depth++ == 0) {
        begun = i;
      } else if (c == '}' && --depth == 0) {
        objects.add(json.substring(begun, i + 1));
      } else if (c == ']' && depth == 0) {
        break;
      }
    }
    return objects;
  }
}
