using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace M3.Adaptive.Store.Schema.PostgreSql.Migrations
{
    /// <inheritdoc />
    public partial class Trials : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "alias",
                table: "decisions",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<double>(
                name: "alias_propensity",
                table: "decisions",
                type: "double precision",
                nullable: false,
                defaultValue: 1.0);

            migrationBuilder.AddColumn<string>(
                name: "shadow",
                table: "decisions",
                type: "text",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "alias",
                table: "decisions");

            migrationBuilder.DropColumn(
                name: "alias_propensity",
                table: "decisions");

            migrationBuilder.DropColumn(
                name: "shadow",
                table: "decisions");
        }
    }
}
