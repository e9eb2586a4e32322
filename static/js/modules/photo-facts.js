// When and where a photo was taken. A photo just taken: now and here. One from the gallery: what its own EXIF says, read before the picture is made anew without it.
const PATIENCE = { enableHighAccuracy: false, timeout: 5_000, maximumAge: 60_000 };

/** The place, or nothing where the phone does not say: {latitude, longitude} as text with five places, about a metre. */
export function askPlace() {
  if (!navigator.geolocation) return Promise.resolve({});
  return new Promise((resolve) => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve({ latitude: coords.latitude.toFixed(5), longitude: coords.longitude.toFixed(5) }),
      () => resolve({}),
      PATIENCE
    );
  });
}

export async function readFacts(file, fromCamera) {
  if (fromCamera) return { taken_at: new Date().toISOString(), ...(await askPlace()) };
  const { readExif } = await import("./exif.js");
  return readExif(await file.slice(0, 256 * 1024).arrayBuffer());
}
