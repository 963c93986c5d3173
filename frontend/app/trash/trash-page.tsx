export default function TrashPage() {
  return (
    <main id="main" className="page">
      <h1>Trash</h1>
    </main>
  );
}
