export default function VideoPage(_: { id: number }) {
  return (
    <main id="main" className="page">
      <h1>Video</h1>
    </main>
  );
}
