// Draws the town's own GeoJSON with MapLibre: no tiles, no fonts, nothing from the internet.
// A page may let one point be set (data-lon-input, data-lat-input) and may give markers to show.
//
// It tells the page        hotline:place    {lon, lat, name} or null, when the point was set or removed
// It listens on its own div for  hotline:go {lon, lat}, set the point there
//                          hotline:markers  [{lon, lat, label, href, tone}], show these now

const chinese = document.documentElement.lang.startsWith("zh");
const NAME = chinese
  ? ["case", ["!=", ["coalesce", ["get", "name_zh"], ""], ""], ["get", "name_zh"], ["get", "name_en"]]
  : ["case", ["!=", ["coalesce", ["get", "name_en"], ""], ""], ["get", "name_en"], ["get", "name_zh"]];
const CLOSE = 14.5; // from here on one crossing can be told from the next
const CALM = matchMedia("(prefers-reduced-motion: reduce)").matches;
const NOTHING = { type: "FeatureCollection", features: [] };

/** The css colours of the page as plain rgb, which is all that MapLibre understands. */
function colours(div) {
  const probe = div.appendChild(document.createElement("i"));
  probe.hidden = true;
  const read = (name) => {
    probe.style.color = `var(--map-${name})`;
    return getComputedStyle(probe).color;
  };
  const names = ["ground", "district", "border", "street", "casing", "label", "halo", "mark", "alarm"];
  const found = Object.fromEntries(names.map((name) => [name, read(name)]));
  probe.remove();
  return found;
}

function style(layers, c) {
  const width = (thin, thick) => ["interpolate", ["exponential", 1.6], ["zoom"], 11, thin, 17, thick];
  const text = (extra) => ({ "text-field": NAME, "text-font": ["sans-serif"], "text-size": 13, ...extra });
  const halo = { "text-color": c.label, "text-halo-color": c.halo, "text-halo-width": 1.5 };
  return {
    version: 8,
    sources: {
      districts: { type: "geojson", data: layers.districts ?? NOTHING },
      streets: { type: "geojson", data: layers.streets ?? NOTHING },
      markers: { type: "geojson", data: NOTHING },
    },
    layers: [
      { id: "ground", type: "background", paint: { "background-color": c.ground } },
      { id: "district", type: "fill", source: "districts", paint: { "fill-color": c.district } },
      { id: "casing", type: "line", source: "streets", paint: { "line-color": c.casing, "line-width": width(2, 16) } },
      { id: "street", type: "line", source: "streets", paint: { "line-color": c.street, "line-width": width(1.2, 13) } },
      { id: "border", type: "line", source: "districts", paint: { "line-color": c.border, "line-width": 1.5, "line-dasharray": [3, 2] } },
      { id: "street-name", type: "symbol", source: "streets", minzoom: 12, layout: text({ "symbol-placement": "line", "text-size": 12 }), paint: halo },
      { id: "district-name", type: "symbol", source: "districts", layout: text({ "text-size": 15, "text-letter-spacing": 0.04 }), paint: halo },
      { id: "marker", type: "circle", source: "markers", paint: {
        "circle-radius": 8, "circle-stroke-width": 2, "circle-stroke-color": c.halo,
        "circle-color": ["match", ["get", "tone"], "alarm", c.alarm, c.mark] } },
    ],
  };
}

/** GeoJSON of the markers; whatever has no place is left out. */
function pins(markers) {
  const placed = markers.filter((m) => Number.isFinite(m.lon) && Number.isFinite(m.lat));
  const features = placed.map(({ lon, lat, ...properties }) => ({
    type: "Feature", properties, geometry: { type: "Point", coordinates: [lon, lat] },
  }));
  return { type: "FeatureCollection", features };
}

/** One point on the map, kept in two inputs of the form. */
class Place {
  constructor(div, map, Marker, bbox) {
    this.bbox = bbox;
    this.div = div;
    this.map = map;
    this.marker = new Marker({ color: colours(div).alarm, draggable: true });
    this.marker.on("dragend", () => this.set(this.marker.getLngLat()));
    this.lon = document.getElementById(div.dataset.lonInput);
    this.lat = document.getElementById(div.dataset.latInput);
    this.tools = div.nextElementSibling?.matches("[data-map-tools]") ? div.nextElementSibling : null;
    this.wire();
    if (this.lon.value && this.lat.value) this.show(Number(this.lon.value), Number(this.lat.value));
  }

  wire() {
    this.map.on("click", (event) => this.set(event.lngLat));
    this.map.getCanvas().addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.ctrlKey || event.metaKey) return; // Ctrl+Enter saves
      event.preventDefault();
      this.set(this.map.getCenter());
    });
    if (!this.tools) return;
    this.tools.hidden = false;
    const on = (name, act) => this.tools.querySelector(`[data-map-${name}]`)?.addEventListener("click", act);
    on("middle", () => this.set(this.map.getCenter()));
    on("clear", () => this.clear());
    on("here", () => navigator.geolocation?.getCurrentPosition(
      ({ coords }) => this.go(coords.longitude, coords.latitude), () => this.say(this.div.dataset.sayLost)));
  }

  /** Somewhere named by the page or by the phone, perhaps out of view or out of town. */
  go(lon, lat) {
    const [west, south, east, north] = this.bbox;
    if (lon < west || lon > east || lat < south || lat > north) {
      this.say(this.div.dataset.sayNone);
      return;
    }
    this.map.jumpTo({ center: [lon, lat], zoom: Math.max(this.map.getZoom(), CLOSE) });
    this.set({ lng: lon, lat });
  }

  set({ lng, lat }) {
    this.lon.value = lng.toFixed(6);
    this.lat.value = lat.toFixed(6);
    this.show(Number(this.lon.value), Number(this.lat.value), (place) => this.tell(place));
  }

  /** Draws the pin, from close by so that it can be corrected, and then names the street. */
  show(lon, lat, then = () => {}) {
    if (!Number.isFinite(lon) || !Number.isFinite(lat) || Math.abs(lat) > 90) return;
    this.marker.setLngLat([lon, lat]).addTo(this.map);
    this.toggleClear(false);
    if (this.map.getZoom() < CLOSE) this.map.easeTo({ center: [lon, lat], zoom: CLOSE, duration: CALM ? 0 : 500 });
    this.map.once("idle", () => {
      const name = this.namesOf("street", lon, lat).slice(0, 2).join(" / ");
      const around = name || this.namesOf("district", lon, lat)[0] || `${lat.toFixed(5)}, ${lon.toFixed(5)}`;
      this.say(this.div.dataset.saySet.replace("%s", around));
      then({ lon, lat, name });
    });
    this.map.triggerRepaint();
  }

  clear() {
    this.marker.remove();
    this.lon.value = this.lat.value = "";
    this.say("");
    this.toggleClear(true);
    this.tell(null);
  }

  /** What is drawn under the pin and a thumb's width around it, each name once. */
  namesOf(layer, lon, lat) {
    const { x, y } = this.map.project([lon, lat]);
    const found = this.map.queryRenderedFeatures([[x - 16, y - 16], [x + 16, y + 16]], { layers: [layer] });
    const names = found.map(({ properties: p }) => (chinese ? p.name_zh || p.name_en : p.name_en || p.name_zh));
    return [...new Set(names.filter(Boolean))];
  }

  toggleClear(hidden) {
    const button = this.tools?.querySelector("[data-map-clear]");
    if (button) button.hidden = hidden;
  }

  say(words) {
    const out = this.tools?.querySelector("[data-map-place]");
    if (out) out.textContent = words;
  }

  tell(detail) {
    this.div.dispatchEvent(new CustomEvent("hotline:place", { detail, bubbles: true }));
  }
}

/** Markers open a small sheet with their words and, if there is one, the way to their page. */
function showMarkers(div, map, Popup) {
  const given = document.getElementById(div.dataset.markers ?? "");
  const draw = (markers) => map.getSource("markers").setData(pins(markers));
  const first = given ? JSON.parse(given.textContent) : [];
  draw(first);
  if (first.length === 1) map.jumpTo({ center: [first[0].lon, first[0].lat], zoom: CLOSE });
  div.addEventListener("hotline:markers", (event) => draw(event.detail));
  map.on("mouseenter", "marker", () => { map.getCanvas().style.cursor = "pointer"; });
  map.on("mouseleave", "marker", () => { map.getCanvas().style.cursor = ""; });
  map.on("click", "marker", ({ features: [feature] }) => {
    const { label, href } = feature.properties;
    const words = document.createElement(href ? "a" : "p");
    words.textContent = label;
    if (href) words.href = href;
    new Popup({ offset: 10, closeButton: false }).setLngLat(feature.geometry.coordinates).setDOMContent(words).addTo(map);
  });
}

function open(div, lib, layers) {
  const { sayTitle, sayIn, sayOut, sayFingers, sayCtrl, sayCommand } = div.dataset;
  const [west, south, east, north] = layers.bbox;
  // Wide enough that the whole town fits into a flat or a narrow sheet.
  const [x, y] = [(east - west) * 2, (north - south) * 2];
  const map = new lib.Map({
    container: div,
    style: style(layers, colours(div)),
    bounds: [[west, south], [east, north]],
    fitBoundsOptions: { padding: 12 },
    maxBounds: [[west - x, south - y], [east + x, north + y]],
    maxZoom: 19,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    cooperativeGestures: "cooperative" in div.dataset,
    locale: {
      "Map.Title": sayTitle, "NavigationControl.ZoomIn": sayIn, "NavigationControl.ZoomOut": sayOut,
      "CooperativeGesturesHandler.MobileHelpText": sayFingers,
      "CooperativeGesturesHandler.WindowsHelpText": sayCtrl,
      "CooperativeGesturesHandler.MacHelpText": sayCommand,
    },
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new lib.NavigationControl({ showCompass: false }), "top-right");
  return map;
}

/** Inside the look the page has now: day or night. */
function followTheme(div, map) {
  const repaint = () => {
    for (const layer of style(NOTHING, colours(div)).layers) {
      for (const [name, value] of Object.entries(layer.paint)) map.setPaintProperty(layer.id, name, value);
    }
  };
  new MutationObserver(repaint).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
}

async function start(div) {
  const fallback = div.firstElementChild;
  try {
    const [lib, answer] = await Promise.all([import(div.dataset.lib), fetch(div.dataset.layers)]);
    if (!answer.ok) throw new Error(`layers: ${answer.status}`);
    lib.setWorkerUrl(div.dataset.worker);
    const layers = await answer.json();
    const map = open(div, lib, layers);
    fallback.remove();
    div.appendChild(document.createElement("i")).className = "town-map-cross";
    await new Promise((resolve) => { map.once("load", resolve); });
    showMarkers(div, map, lib.Popup);
    if (div.dataset.lonInput) {
      const place = new Place(div, map, lib.Marker, layers.bbox);
      div.addEventListener("hotline:go", ({ detail }) => place.go(detail.lon, detail.lat));
    }
    followTheme(div, map);
    div.dataset.ready = "yes";
  } catch (error) {
    // No WebGL, an old browser, no answer: the sentence inside the div stays.
    console.warn("map:", error);
    div.classList.add("town-map-off");
  }
}

// Half a megabyte is fetched only for a map that comes into view.
const nearby = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    nearby.unobserve(target);
    start(target);
  }
}, { rootMargin: "200px" });
for (const div of document.querySelectorAll("[data-map]")) nearby.observe(div);
